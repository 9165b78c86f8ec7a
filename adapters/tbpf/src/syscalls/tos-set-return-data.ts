import { isFault, readRange, succeed } from './support.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_set_return_data(data, len)`. */
export const tosSetReturnData: TosSyscall = {
  name: 'tos_set_return_data',
  summary: 'Replaces the return data, and remembers who set it.',
  parameters: ['data', 'len'],
  result: '0',
  price: { base: 100, perByte: 1, register: 2 },
  limits: [{ register: 2, most: 1024, error: 'ReturnDataTooLarge' }],
  errors: [],
  run(machine) {
    const refused = admit(machine, tosSetReturnData);
    if (refused !== undefined) return refused;
    const bytes = readRange(machine, 1, 2);
    if (isFault(bytes)) return bytes;
    const host = tosHostOf(machine);
    host.returnData = { bytes: bytes.slice(), setter: host.contract };
    return succeed(machine);
  },
};

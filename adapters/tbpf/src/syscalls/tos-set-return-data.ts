import { charge, checkLength, isFault, readRange, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** Longest return data in bytes. */
const MAX_RETURN_BYTES = 1024;

/** `tos_set_return_data(data, len)`: replaces the return data; remembers who set it. 100 + len gas. */
export const tosSetReturnData: Syscall = {
  name: 'tos_set_return_data',
  run(machine) {
    const tooLarge = checkLength(machine, 2, MAX_RETURN_BYTES, 'ReturnDataTooLarge');
    if (tooLarge !== undefined) return tooLarge;
    const refused = charge(machine, 100 + machine.registerNumber(2));
    if (refused !== undefined) return refused;
    const bytes = readRange(machine, 1, 2);
    if (isFault(bytes)) return bytes;
    const host = tosHostOf(machine);
    host.returnData = { bytes: bytes.slice(), setter: host.contract };
    return succeed(machine);
  },
};

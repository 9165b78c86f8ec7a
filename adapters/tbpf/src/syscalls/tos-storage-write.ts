import { checkWritable, isFault, readRange, succeed } from './support.ts';
import { tosHostOf } from './tos-host.ts';
import { keyLimit } from './tos-storage-read.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_storage_write(key, keyLen, value, valueLen)`. */
export const tosStorageWrite: TosSyscall = {
  name: 'tos_storage_write',
  summary: 'Sets a value of the contract.',
  parameters: ['key', 'keyLen', 'value', 'valueLen'],
  result: '0',
  price: { base: 500, perByte: 2, register: 4 },
  limits: [keyLimit, { register: 4, most: 65_536, error: 'ValueTooLarge' }],
  errors: ['StaticViolation'],
  run(machine) {
    const host = tosHostOf(machine);
    const refused = admit(machine, tosStorageWrite);
    if (refused !== undefined) return refused;
    const key = readRange(machine, 1, 2);
    if (isFault(key)) return key;
    const value = readRange(machine, 3, 4);
    if (isFault(value)) return value;
    const readOnly = checkWritable(host);
    if (readOnly !== undefined) return readOnly;
    host.state.setStorage(host.contract, key, value);
    if (host.reportsStorage) {
      const { contract } = host;
      host.events!.emit('storage', { kind: 'write', contract, key: key.slice(), value: value.slice() });
    }
    return succeed(machine);
  },
};

import { checkWritable, isFault, readRange, succeed } from './support.ts';
import { tosHostOf } from './tos-host.ts';
import { keyLimit } from './tos-storage-read.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_storage_delete(key, keyLen)`. */
export const tosStorageDelete: TosSyscall = {
  name: 'tos_storage_delete',
  summary: 'Removes a value of the contract.',
  parameters: ['key', 'keyLen'],
  result: '1 if the key existed, else 0',
  price: { base: 300 },
  limits: [keyLimit],
  errors: ['StaticViolation'],
  run(machine) {
    const host = tosHostOf(machine);
    const refused = admit(machine, tosStorageDelete);
    if (refused !== undefined) return refused;
    const key = readRange(machine, 1, 2);
    if (isFault(key)) return key;
    const readOnly = checkWritable(host);
    if (readOnly !== undefined) return readOnly;
    const existed = host.state.deleteStorage(host.contract, key);
    if (host.reportsStorage) {
      const { contract } = host;
      host.events!.emit('storage', { kind: 'delete', contract, key: key.slice(), value: undefined });
    }
    return succeed(machine, existed ? 1n : 0n);
  },
};

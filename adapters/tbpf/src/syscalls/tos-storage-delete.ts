import { charge, checkLength, checkWritable, isFault, readRange, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';
import { MAX_KEY_BYTES } from './tos-storage-read.ts';

/** `tos_storage_delete(key, keyLen)`: 1 if the key existed, else 0. 300 gas. */
export const tosStorageDelete: Syscall = {
  name: 'tos_storage_delete',
  run(machine) {
    const host = tosHostOf(machine);
    const tooLarge = checkLength(machine, 2, MAX_KEY_BYTES, 'KeyTooLarge');
    if (tooLarge !== undefined) return tooLarge;
    const refused = charge(machine, 300);
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

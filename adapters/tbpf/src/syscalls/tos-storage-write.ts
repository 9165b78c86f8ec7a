import { charge, checkLength, checkWritable, isFault, readRange, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';
import { MAX_KEY_BYTES } from './tos-storage-read.ts';

/** Longest storage value in bytes. */
const MAX_VALUE_BYTES = 65_536;

/** `tos_storage_write(key, keyLen, value, valueLen)`: 500 + 2 · valueLen gas. */
export const tosStorageWrite: Syscall = {
  name: 'tos_storage_write',
  run(machine) {
    const host = tosHostOf(machine);
    const tooLarge =
      checkLength(machine, 2, MAX_KEY_BYTES, 'KeyTooLarge') ??
      checkLength(machine, 4, MAX_VALUE_BYTES, 'ValueTooLarge');
    if (tooLarge !== undefined) return tooLarge;
    const refused = charge(machine, 500 + 2 * machine.registerNumber(4));
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

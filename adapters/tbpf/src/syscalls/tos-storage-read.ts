import { charge, checkLength, fixedRange, isFault, readRange, succeed } from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** Longest storage key in bytes. */
export const MAX_KEY_BYTES = 256;

/**
 * `tos_storage_read(key, keyLen, out, outLen)`: copies the value and returns its length; 0 if absent. 200 + the value's length. Reads
 * the state before charging, since the price depends on it.
 */
export const tosStorageRead: Syscall = {
  name: 'tos_storage_read',
  run(machine) {
    const host = tosHostOf(machine);
    const tooLarge = checkLength(machine, 2, MAX_KEY_BYTES, 'KeyTooLarge');
    if (tooLarge !== undefined) return tooLarge;
    const key = readRange(machine, 1, 2);
    if (isFault(key)) return key;
    const value = host.state.getStorage(host.contract, key);
    if (host.reportsStorage) {
      host.events!.emit('storage', { kind: 'read', contract: host.contract, key: key.slice(), value });
    }
    const length = value?.length ?? 0;
    const refused = charge(machine, 200 + length);
    if (refused !== undefined) return refused;
    if (value === undefined || length === 0) return succeed(machine);
    if (machine.registerNumber(4) < length) return syscallFault('BufferTooSmall');
    const out = fixedRange(machine, 3, length, true);
    if (isFault(out)) return out;
    out.set(value);
    return succeed(machine, BigInt(length));
  },
};

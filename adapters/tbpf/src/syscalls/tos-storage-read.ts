import { charge, fixedRange, isFault, readRange, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';
import type { ArgumentLimit, TosSyscall } from './tos-syscall.ts';

/** The limit that all storage calls set for their key, whose length is in r2. */
export const keyLimit: ArgumentLimit = Object.freeze({ register: 2, most: 256, error: 'KeyTooLarge' });

const BASE_PRICE = 200;

/** `tos_storage_read(key, keyLen, out, outLen)`. */
export const tosStorageRead: TosSyscall = {
  name: 'tos_storage_read',
  summary: 'Copies a value of the contract. Reads the state before charging, since the price depends on it.',
  parameters: ['key', 'keyLen', 'out', 'outLen'],
  result: "the value's length; 0 if absent",
  price: { base: BASE_PRICE, plus: "the value's length" },
  limits: [keyLimit],
  errors: ['BufferTooSmall'],
  run(machine) {
    const host = tosHostOf(machine);
    if (machine.registerNumber(keyLimit.register) > keyLimit.most) return syscallFault(keyLimit.error);
    const key = readRange(machine, 1, 2);
    if (isFault(key)) return key;
    const value = host.state.getStorage(host.contract, key);
    if (host.reportsStorage) {
      host.events!.emit('storage', { kind: 'read', contract: host.contract, key: key.slice(), value });
    }
    const length = value?.length ?? 0;
    const refused = charge(machine, BASE_PRICE + length);
    if (refused !== undefined) return refused;
    if (value === undefined || length === 0) return succeed(machine);
    if (machine.registerNumber(4) < length) return syscallFault('BufferTooSmall');
    const out = fixedRange(machine, 3, length, true);
    if (isFault(out)) return out;
    out.set(value);
    return succeed(machine, BigInt(length));
  },
};

import { charge, fixedRange, HASH_BYTES, isFault, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/**
 * `tos_get_return_data(out, outLen, contractOut)`: the full length, 0 if none; copies min(outLen, length) bytes and the hash of the
 * contract that set them. When there is nothing to copy, nothing is written, not even the hash. 50 gas.
 */
export const tosGetReturnData: Syscall = {
  name: 'tos_get_return_data',
  run(machine) {
    const refused = charge(machine, 50);
    if (refused !== undefined) return refused;
    const data = tosHostOf(machine).returnData;
    if (data === undefined) return succeed(machine);
    const copied = Math.min(machine.registerNumber(2), data.bytes.length);
    if (copied > 0) {
      const out = fixedRange(machine, 1, copied, true);
      if (isFault(out)) return out;
      const setter = fixedRange(machine, 3, HASH_BYTES, true);
      if (isFault(setter)) return setter;
      out.set(data.bytes.subarray(0, copied));
      setter.set(data.setter);
    }
    return succeed(machine, BigInt(data.bytes.length));
  },
};

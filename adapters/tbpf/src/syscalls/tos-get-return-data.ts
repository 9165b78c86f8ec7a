import { fixedRange, HASH_BYTES, isFault, succeed } from './support.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_get_return_data(out, outLen, contractOut)`. */
export const tosGetReturnData: TosSyscall = {
  name: 'tos_get_return_data',
  summary:
    'Copies min(outLen, length) bytes of the return data, and the hash of the contract that set them. When that is 0 bytes, nothing is written, not even the hash.',
  parameters: ['out', 'outLen', 'contractOut'],
  result: 'the full length; 0 if none',
  price: { base: 50 },
  limits: [],
  errors: [],
  run(machine) {
    const refused = admit(machine, tosGetReturnData);
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

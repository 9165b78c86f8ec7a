import { fixedRange, HASH_BYTES, isFault, succeed } from './support.ts';
import { type TosHost, tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

const PRICE = { base: 50 };

/** A query that writes 32 bytes of the run's surroundings to the address in r1. */
export function hashQuery(name: string, summary: string, read: (host: TosHost) => Uint8Array): TosSyscall {
  const syscall: TosSyscall = {
    name,
    summary,
    parameters: ['out'],
    result: '0',
    price: PRICE,
    limits: [],
    errors: [],
    run(machine) {
      const refused = admit(machine, syscall);
      if (refused !== undefined) return refused;
      const out = fixedRange(machine, 1, HASH_BYTES, true);
      if (isFault(out)) return out;
      out.set(read(tosHostOf(machine)));
      return succeed(machine);
    },
  };
  return syscall;
}

/** A query that answers a number of the run's surroundings in r0. */
export function numberQuery(
  name: string,
  summary: string,
  result: string,
  read: (host: TosHost) => bigint,
): TosSyscall {
  const syscall: TosSyscall = {
    name,
    summary,
    parameters: [],
    result,
    price: PRICE,
    limits: [],
    errors: [],
    run: (machine) => admit(machine, syscall) ?? succeed(machine, read(tosHostOf(machine))),
  };
  return syscall;
}

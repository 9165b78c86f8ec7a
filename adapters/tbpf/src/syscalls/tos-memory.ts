import type { Machine } from '../interpreter/machine.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { charge, fixedRange, isFault, rangeAt, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import type { TosSyscall } from './tos-syscall.ts';

/** Units that a memory call costs at least. */
export const leastMemoryPrice = 10;
/** Bytes for a unit. */
export const memoryBytesPerUnit = 250;

/** What the four memory calls share: the length is in r3, and they cost max(10, len ÷ 250). */
const common = {
  price: { base: 0, plus: `max(${leastMemoryPrice}, len ÷ ${memoryBytesPerUnit})` },
  limits: [],
  result: '0',
} as const;

/** The lengths are u64: the quotient is exact beyond 2^53, too. */
function chargeByLength(machine: Machine): TbpfNativeError | undefined {
  const units = machine.register(3) / BigInt(memoryBytesPerUnit);
  return charge(machine, units < leastMemoryPrice ? leastMemoryPrice : units);
}

/** The range at register `index`, as long as r3 says. */
function lengthRange(machine: Machine, index: number, write: boolean): Uint8Array | TbpfNativeError {
  const bytes = rangeAt(machine, index, machine.registerNumber(3), write);
  return bytes ?? machine.memoryFault(index, machine.register(3), write);
}

function copy(machine: Machine): TbpfNativeError | undefined {
  const source = lengthRange(machine, 2, false);
  if (isFault(source)) return source;
  const destination = lengthRange(machine, 1, true);
  if (isFault(destination)) return destination;
  destination.set(source);
  return succeed(machine);
}

/** `tos_memcpy(dst, src, len)`. */
export const tosMemcpy: TosSyscall = {
  ...common,
  name: 'tos_memcpy',
  memory: 'memcpy',
  summary: 'Copies bytes; the ranges may not overlap.',
  parameters: ['dst', 'src', 'len'],
  errors: ['CopyOverlapping'],
  run(machine) {
    const refused = chargeByLength(machine);
    if (refused !== undefined) return refused;
    const destination = machine.register(1);
    const source = machine.register(2);
    const distance = destination > source ? destination - source : source - destination;
    if (distance < machine.register(3)) return syscallFault('CopyOverlapping');
    return copy(machine);
  },
};

/** `tos_memmove(dst, src, len)`. */
export const tosMemmove: TosSyscall = {
  ...common,
  name: 'tos_memmove',
  memory: 'memmove',
  summary: 'Copies bytes; the ranges may overlap.',
  parameters: ['dst', 'src', 'len'],
  errors: [],
  run: (machine) => chargeByLength(machine) ?? copy(machine),
};

/** `tos_memset(dst, byte, len)`. */
export const tosMemset: TosSyscall = {
  ...common,
  name: 'tos_memset',
  memory: 'memset',
  summary: 'Fills bytes with the low byte of r2.',
  parameters: ['dst', 'byte', 'len'],
  errors: [],
  run(machine) {
    const refused = chargeByLength(machine);
    if (refused !== undefined) return refused;
    const destination = lengthRange(machine, 1, true);
    if (isFault(destination)) return destination;
    destination.fill(machine.lowWord(2) & 0xff);
    return succeed(machine);
  },
};

/** `tos_memcmp(a, b, len, out)`. */
export const tosMemcmp: TosSyscall = {
  ...common,
  name: 'tos_memcmp',
  memory: 'memcmp',
  summary: 'Writes an i32: the difference of the first bytes that differ, or 0.',
  parameters: ['a', 'b', 'len', 'out'],
  errors: [],
  run(machine) {
    const refused = chargeByLength(machine);
    if (refused !== undefined) return refused;
    const a = lengthRange(machine, 1, false);
    if (isFault(a)) return a;
    const b = lengthRange(machine, 2, false);
    if (isFault(b)) return b;
    const out = fixedRange(machine, 4, 4, true);
    if (isFault(out)) return out;
    new DataView(out.buffer, out.byteOffset, 4).setInt32(0, firstDifference(a, b), true);
    return succeed(machine);
  },
};

/** Difference of the first bytes that differ. Looks at four bytes at a time: 250 of them cost one unit of gas. */
function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const words = a.length - (a.length % 4);
  const aView = new DataView(a.buffer, a.byteOffset, a.length);
  const bView = new DataView(b.buffer, b.byteOffset, b.length);
  let at = 0;
  while (at < words && aView.getInt32(at) === bView.getInt32(at)) at += 4;
  while (at < a.length && a[at] === b[at]) at++;
  return at < a.length ? a[at]! - b[at]! : 0;
}

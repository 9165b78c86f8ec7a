import type { Machine } from '../interpreter/machine.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { charge, fixedRange, isFault, rangeAt, succeed } from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';

/** max(10, len ÷ 250), len in r3. */
function chargeByLength(machine: Machine): TbpfNativeError | undefined {
  return charge(machine, Math.max(10, Math.floor(machine.registerNumber(3) / 250)));
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

/** `tos_memcpy(dst, src, len)`: the ranges may not overlap. max(10, len ÷ 250) gas. */
export const tosMemcpy: Syscall = {
  name: 'tos_memcpy',
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

/** `tos_memmove(dst, src, len)`: the ranges may overlap. max(10, len ÷ 250) gas. */
export const tosMemmove: Syscall = {
  name: 'tos_memmove',
  run: (machine) => chargeByLength(machine) ?? copy(machine),
};

/** `tos_memset(dst, byte, len)`: the low byte of r2. max(10, len ÷ 250) gas. */
export const tosMemset: Syscall = {
  name: 'tos_memset',
  run(machine) {
    const refused = chargeByLength(machine);
    if (refused !== undefined) return refused;
    const destination = lengthRange(machine, 1, true);
    if (isFault(destination)) return destination;
    destination.fill(machine.low[2]! & 0xff);
    return succeed(machine);
  },
};

/** `tos_memcmp(a, b, len, out)`: writes an i32, the difference of the first bytes that differ, or 0. max(10, len ÷ 250) gas. */
export const tosMemcmp: Syscall = {
  name: 'tos_memcmp',
  run(machine) {
    const refused = chargeByLength(machine);
    if (refused !== undefined) return refused;
    const a = lengthRange(machine, 1, false);
    if (isFault(a)) return a;
    const b = lengthRange(machine, 2, false);
    if (isFault(b)) return b;
    const out = fixedRange(machine, 4, 4, true);
    if (isFault(out)) return out;
    let at = 0;
    while (at < a.length && a[at] === b[at]) at++;
    const difference = at < a.length ? a[at]! - b[at]! : 0;
    new DataView(out.buffer, out.byteOffset, 4).setInt32(0, difference, true);
    return succeed(machine);
  },
};

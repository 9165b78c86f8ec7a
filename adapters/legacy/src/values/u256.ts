/** u256 arithmetic with the reference's real bugs (spec §1.5). Values are bigints below 2^256. */

const LIMB = 0xffff_ffff_ffff_ffffn;

/** What the reference's array access says when it goes below limb 0. */
export const LIMB_PANIC = 'index out of bounds: the len is 4 but the index is 18446744073709551615';

/** The flag that `checked_mul` looks at: a row ends with a carry. Products of columns above 3 are never looked at. */
export function multiplyOverflows(a: bigint, b: bigint): boolean {
  const result = [0n, 0n, 0n, 0n];
  let overflows = false;
  for (let i = 0; i < 4; i++) {
    const left = (a >> BigInt(64 * i)) & LIMB;
    let carry = 0n;
    for (let j = 0; j < 4 - i; j++) {
      const sum = left * ((b >> BigInt(64 * j)) & LIMB) + result[i + j]! + carry;
      result[i + j] = sum & LIMB;
      carry = sum >> 64n;
    }
    if (carry !== 0n) overflows = true;
  }
  return overflows;
}

/** True when `a ÷ b`, b ≠ 0, is one of the divisions that the reference cannot do and panics at. */
export function divisionPanics(a: bigint, b: bigint): boolean {
  return a >= b && b > LIMB && bitLength(a) - bitLength(b) > 64;
}

/** `a << shift`, or undefined where the reference panics: 65 and above without being a multiple of 64. */
export function shiftLeft(a: bigint, shift: bigint): bigint | undefined {
  if (shift >= 256n) return 0n;
  if (shift >= 64n && shift % 64n !== 0n) return undefined;
  return BigInt.asUintN(256, a << shift);
}

/** `a >> shift`. */
export function shiftRight(a: bigint, shift: bigint): bigint {
  return shift >= 256n ? 0n : a >> shift;
}

/** Floor root by the reference's bisection, which the flawed overflow flag leads astray for some large numbers (spec §7.4). */
export function squareRoot(n: bigint): bigint {
  let low = 0n;
  let high = n / 2n + 1n;
  // The flawed flag could send the bounds in circles; 2,000 steps are more than any terminating search takes.
  for (let step = 0; low <= high && step < 2000; step++) {
    const middle = BigInt.asUintN(256, low + high) / 2n;
    const square = BigInt.asUintN(256, middle * middle);
    if (multiplyOverflows(middle, middle) || square > n) high = middle - 1n;
    else low = middle + 1n;
  }
  return high;
}

/** The reference's "big-endian" form: limb 0 first, each limb big-endian. Also the form on the wire. */
export function toLimbBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 4; i++) view.setBigUint64(8 * i, (value >> BigInt(64 * i)) & LIMB);
  return bytes;
}

/** The value of `toLimbBytes`. */
export function fromLimbBytes(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32);
  let value = 0n;
  for (let i = 3; i >= 0; i--) value = (value << 64n) | view.getBigUint64(8 * i);
  return value;
}

/** The four 64-bit limbs, lowest first. */
export function limbsOf(value: bigint): readonly bigint[] {
  return [0n, 64n, 128n, 192n].map((shift) => (value >> shift) & LIMB);
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

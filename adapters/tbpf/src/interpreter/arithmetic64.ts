/*
 * 64-bit arithmetic on pairs of 32-bit halves, for an inner loop without BigInt: a BigInt register file measured 7–41 million
 * instructions/s against 60–115 for halves. Results of more than one half are left in `wide`; it is read before the next call.
 */

/** Where a function of this file leaves its result: low and high half of the first result, then of the second. */
export const wide = new Int32Array(4);

/** High 32 bits of the unsigned product of two 32-bit words. */
export function mulHigh32(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  // aLow * bHigh + the low half of middle stays below 2^32 + 2^16, exact as a double; >>> takes it modulo 2^32, so split first.
  const cross = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) | 0;
}

/** wide = low 64 bits of a · b. */
export function multiply(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  wide[0] = Math.imul(aLow, bLow);
  wide[1] = mulHigh32(aLow, bLow) + Math.imul(aLow, bHigh) + Math.imul(aHigh, bLow);
}

/** wide = high 64 bits of the unsigned 128-bit product a · b. */
export function multiplyHighUnsigned(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const lowHigh = mulHigh32(aLow, bHigh) >>> 0;
  const highLow = mulHigh32(aHigh, bLow) >>> 0;
  const column1 =
    (mulHigh32(aLow, bLow) >>> 0) + (Math.imul(aLow, bHigh) >>> 0) + (Math.imul(aHigh, bLow) >>> 0);
  const column2 = (Math.imul(aHigh, bHigh) >>> 0) + lowHigh + highLow + Math.floor(column1 / 0x1_0000_0000);
  wide[0] = column2 | 0;
  wide[1] = mulHigh32(aHigh, bHigh) + Math.floor(column2 / 0x1_0000_0000);
}

/** wide = high 64 bits of the signed 128-bit product a · b: the unsigned one, less b where a < 0 and less a where b < 0. */
export function multiplyHighSigned(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  multiplyHighUnsigned(aLow, aHigh, bLow, bHigh);
  if (aHigh < 0) subtractFromWide(bLow, bHigh);
  if (bHigh < 0) subtractFromWide(aLow, aHigh);
}

function subtractFromWide(low: number, high: number): void {
  const before = wide[0]! >>> 0;
  wide[1] = wide[1]! - high - (before < low >>> 0 ? 1 : 0);
  wide[0] = before - (low >>> 0);
}

/** wide = quotient, remainder of the unsigned division a ÷ b; b is not 0. */
export function divideUnsigned(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  if (bHigh === 0) {
    divideByWord(aLow >>> 0, aHigh >>> 0, bLow >>> 0);
    return;
  }
  // The quotient is below 2^32. Both doubles are within 2^-53 of their values, so the floor is off by one at most; one less is
  // never too large, hence the remainder stays in 64 bits and needs at most two corrections.
  const a = (aHigh >>> 0) * 0x1_0000_0000 + (aLow >>> 0);
  const b = (bHigh >>> 0) * 0x1_0000_0000 + (bLow >>> 0);
  let quotient = Math.max(Math.floor(a / b) - 1, 0);
  multiply(quotient | 0, 0, bLow, bHigh);
  let low = (aLow >>> 0) - (wide[0]! >>> 0);
  let high = (aHigh - wide[1]! - (low < 0 ? 1 : 0)) >>> 0;
  low >>>= 0;
  const divisorLow = bLow >>> 0;
  const divisorHigh = bHigh >>> 0;
  while (high > divisorHigh || (high === divisorHigh && low >= divisorLow)) {
    const borrow = low < divisorLow ? 1 : 0;
    low = (low - divisorLow) >>> 0;
    high = (high - divisorHigh - borrow) >>> 0;
    quotient++;
  }
  wide[0] = quotient | 0;
  wide[1] = 0;
  wide[2] = low | 0;
  wide[3] = high | 0;
}

/** Schoolbook division by one 32-bit word, in 16-bit digits: every partial dividend is below 2^48, so the doubles are exact. */
function divideByWord(aLow: number, aHigh: number, divisor: number): void {
  const quotientHigh = Math.floor(aHigh / divisor);
  let remainder = aHigh - quotientHigh * divisor;
  let partial = remainder * 0x10000 + (aLow >>> 16);
  const digit1 = Math.floor(partial / divisor);
  remainder = partial - digit1 * divisor;
  partial = remainder * 0x10000 + (aLow & 0xffff);
  const digit0 = Math.floor(partial / divisor);
  wide[0] = digit1 * 0x10000 + digit0;
  wide[1] = quotientHigh;
  wide[2] = partial - digit0 * divisor;
  wide[3] = 0;
}

/** wide = quotient (toward zero), remainder (sign of the dividend) of the signed division a ÷ b; b is not 0, and not MIN ÷ −1. */
export function divideSigned(aLow: number, aHigh: number, bLow: number, bHigh: number): void {
  const negativeA = aHigh < 0;
  const negativeB = bHigh < 0;
  divideUnsigned(
    negativeA ? -aLow | 0 : aLow,
    negativeA ? negatedHigh(aLow, aHigh) : aHigh,
    negativeB ? -bLow | 0 : bLow,
    negativeB ? negatedHigh(bLow, bHigh) : bHigh,
  );
  if (negativeA !== negativeB) negateWide(0);
  if (negativeA) negateWide(2);
}

function negateWide(at: 0 | 2): void {
  wide[at + 1] = negatedHigh(wide[at]!, wide[at + 1]!);
  wide[at] = -wide[at]!;
}

/** High half of −value. */
export function negatedHigh(low: number, high: number): number {
  return (~high + (low === 0 ? 1 : 0)) | 0;
}

/** The 32-bit word with its bytes in reverse order. */
export function swapBytes32(word: number): number {
  return (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24) | 0;
}

/** The unsigned 64-bit value of two halves. */
export function joinU64(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/** Low half of a 64-bit value, as a signed 32-bit word. */
export function lowOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** High half of a 64-bit value, as a signed 32-bit word. */
export function highOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n));
}

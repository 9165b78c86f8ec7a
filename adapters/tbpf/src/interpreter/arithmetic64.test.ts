import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  divideSigned,
  divideUnsigned,
  highOf,
  joinU64,
  lowOf,
  mulHigh32,
  multiply,
  multiplyHighSigned,
  multiplyHighUnsigned,
  swapBytes32,
  wide,
} from './arithmetic64.ts';

const edges = [
  0n,
  1n,
  2n,
  0xffffn,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x7fff_ffff_ffff_ffffn,
  1n << 63n,
  (1n << 64n) - 1n,
];
const word = fc.oneof(
  fc.bigInt(0n, (1n << 64n) - 1n),
  fc.bigInt(0n, 0xffff_ffffn),
  fc.constantFrom(...edges),
);
const first = (): bigint => joinU64(wide[0]!, wide[1]!);
const second = (): bigint => joinU64(wide[2]!, wide[3]!);
const halves = (a: bigint, b: bigint): [number, number, number, number] => [
  lowOf(a),
  highOf(a),
  lowOf(b),
  highOf(b),
];
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);

describe('64-bit arithmetic on halves agrees with BigInt', () => {
  test('products', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(mulHigh32(lowOf(a), lowOf(b)) >>> 0).toBe(
          Number(((a & 0xffff_ffffn) * (b & 0xffff_ffffn)) >> 32n),
        );
        multiply(...halves(a, b));
        expect(first()).toBe(u64(a * b));
        multiplyHighUnsigned(...halves(a, b));
        expect(first()).toBe((a * b) >> 64n);
        multiplyHighSigned(...halves(a, b));
        expect(first()).toBe(u64((s64(a) * s64(b)) >> 64n));
      }),
      { numRuns: 5000 },
    );
  });

  test('quotients and remainders', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        fc.pre(b !== 0n);
        divideUnsigned(...halves(a, b));
        expect([first(), second()]).toEqual([a / b, a % b]);
        if (s64(a) === -(1n << 63n) && s64(b) === -1n) return;
        divideSigned(...halves(a, b));
        expect([first(), second()]).toEqual([u64(s64(a) / s64(b)), u64(s64(a) % s64(b))]);
      }),
      { numRuns: 10000 },
    );
  });

  test('byte reversal', () => {
    expect(swapBytes32(0x11223344) >>> 0).toBe(0x44332211);
    expect(swapBytes32(0xff000080 | 0) >>> 0).toBe(0x800000ff);
  });
});

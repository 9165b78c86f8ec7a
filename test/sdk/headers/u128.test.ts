import { concatBytes } from '@switchyard/core';
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromLittleEndian, headerContract, littleEndian } from './header-contract.ts';

const contract = headerContract('u128');
const max64 = 2n ** 64n - 1n;
const max128 = 2n ** 128n - 1n;

interface Answer {
  readonly fits: boolean;
  readonly result: bigint;
  readonly rest: bigint;
}

function ask(operation: number, a: bigint, b = 0n, c = 0n): Answer {
  const input = concatBytes(Uint8Array.of(operation), ...[a, b, c].map((value) => littleEndian(value, 16)));
  const { returnData, error } = contract.simulate('entrypoint', { input });
  if (error !== null) throw error;
  expect(returnData).toHaveLength(33);
  return {
    fits: returnData[0] === 1,
    result: fromLittleEndian(returnData.subarray(1, 17)),
    rest: fromLittleEndian(returnData.subarray(17)),
  };
}

/** An operation that does not fit leaves its result as it was, 7, and the remainder 9. */
const untouched: Answer = { fits: false, result: 7n, rest: 9n };
const fits = (result: bigint, rest = 9n): Answer => ({ fits: true, result, rest });
const fitsBelow = (limit: bigint, result: bigint) => (result <= limit ? fits(result) : untouched);

/** Any size up to `max`, and numbers beside powers of two and of 2^32, where carries and estimates go wrong. */
function integers(max: bigint): Arbitrary<bigint> {
  const bits = max.toString(2).length;
  const near = fc
    .tuple(fc.nat(bits), fc.bigInt({ min: -3n, max: 3n }))
    .map(([power, by]) => (1n << BigInt(power)) + by)
    .filter((value) => value >= 0n && value <= max);
  const patterned = fc
    .array(fc.constantFrom(0n, 1n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_fffen, 0xffff_ffffn), {
      minLength: bits / 32,
      maxLength: bits / 32,
    })
    .map((digits) => digits.reduce<bigint>((value, digit) => (value << 32n) | digit, 0n));
  const short = fc.tuple(fc.bigInt({ min: 0n, max }), fc.nat(bits)).map(([value, by]) => value >> BigInt(by));
  return fc.oneof(fc.bigInt({ min: 0n, max }), near, patterned, short);
}

const wide = integers(max128);
const narrow = integers(max64);
const runs = { numRuns: 400, seed: 1 };

function divide(a: bigint, b: bigint, limit: bigint, isCeil: boolean): Answer {
  if (b === 0n) return untouched;
  return fitsBelow(limit, a / b + (isCeil && a % b !== 0n ? 1n : 0n));
}

describe('u128 agrees with BigInt:', () => {
  const both = (a: Arbitrary<bigint>, b: Arbitrary<bigint>, test: (a: bigint, b: bigint) => void) =>
    fc.assert(
      fc.property(a, b, (left, right) => {
        test(left, right);
      }),
      runs,
    );

  test('a + b', () => {
    both(wide, wide, (a, b) => expect(ask(0, a, b)).toEqual(fitsBelow(max128, a + b)));
  });

  test('a - b', () => {
    both(wide, wide, (a, b) => expect(ask(1, a, b)).toEqual(a < b ? untouched : fits(a - b)));
  });

  test('a · b, checked', () => {
    both(wide, wide, (a, b) => expect(ask(2, a, b)).toEqual(fitsBelow(max128, a * b)));
    both(wide, narrow, (a, b) => expect(ask(2, a, b)).toEqual(fitsBelow(max128, a * b)));
  });

  test('the whole product of 64-bit numbers', () => {
    both(narrow, narrow, (a, b) => expect(ask(3, a, b)).toEqual(fits(a * b)));
  });

  test('a / b and a mod b by 64 bits', () => {
    both(wide, narrow, (a, b) => expect(ask(4, a, b)).toEqual(b === 0n ? untouched : fits(a / b, a % b)));
  });

  test('a / b and a mod b by 128 bits', () => {
    both(wide, wide, (a, b) => expect(ask(5, a, b)).toEqual(b === 0n ? untouched : fits(a / b, a % b)));
  });

  test('shifts to either side, by any number of bits', () => {
    const by = fc.oneof(fc.bigInt({ min: 0n, max: 130n }), narrow);
    both(wide, by, (a, b) => {
      expect(ask(6, a, b)).toEqual(fits(b >= 128n ? 0n : (a << b) & max128));
      expect(ask(7, a, b)).toEqual(fits(b >= 128n ? 0n : a >> b));
    });
  });

  test('comparison', () => {
    const near = wide.chain((a) => fc.tuple(fc.constant(a), fc.oneof(fc.constant(a), wide)));
    fc.assert(
      fc.property(near, ([a, b]) => {
        expect(ask(24, a, b).result).toBe(a === b ? 0n : a < b ? max64 : 1n);
      }),
      runs,
    );
  });

  test('a · b / c of 64 bits, floor and ceil', () => {
    fc.assert(
      fc.property(narrow, narrow, narrow, (a, b, c) => {
        expect(ask(21, a, b, c)).toEqual(divide(a * b, c, max64, false));
        expect(ask(22, a, b, c)).toEqual(divide(a * b, c, max64, true));
      }),
      runs,
    );
  });

  test('a · b / c of 128 bits with 256 in between, floor and ceil', () => {
    fc.assert(
      fc.property(wide, wide, wide, (a, b, c) => {
        expect(ask(8, a, b, c)).toEqual(divide(a * b, c, max128, false));
        expect(ask(9, a, b, c)).toEqual(divide(a * b, c, max128, true));
      }),
      { ...runs, numRuns: 800 },
    );
  });

  test('square root', () => {
    const square = narrow.chain((root) =>
      fc
        .bigInt({ min: -1n, max: 1n })
        .map((by) => root * root + by)
        .filter((value) => value >= 0n),
    );
    fc.assert(
      fc.property(fc.oneof(wide, square), (a) => {
        const { result } = ask(23, a);
        expect(result * result <= a && (result + 1n) * (result + 1n) > a).toBe(true);
      }),
      runs,
    );
  });

  test('conversion to 64 bits, and zero', () => {
    fc.assert(
      fc.property(wide, (a) => {
        expect(ask(20, a)).toEqual(fitsBelow(max64, a));
        expect(ask(25, a).fits).toBe(a === 0n);
      }),
      runs,
    );
  });
});

describe('u128 where a step of the division is corrected:', () => {
  test('the estimate of a digit is too large by two', () => {
    const a = 0x7fff_ffff_8000_0000_0000_0000_0000_0000n;
    const b = 0x8000_0000_0000_0000_ffff_ffff_ffff_ffffn;
    expect(ask(5, a, b)).toEqual(fits(0n, a));
    expect(ask(8, a, b, b - 1n)).toEqual(fits((a * b) / (b - 1n)));
  });

  test('the first words are equal, so the estimate would need 65 bits', () => {
    const c = 2n ** 127n + 1n;
    const a = c - 1n;
    expect(ask(8, a, max128, c)).toEqual(fits((a * max128) / c));
    expect(ask(9, c - 1n, max128, c)).toEqual(fits((a * max128) / c + 1n));
  });

  test('the ends of the range', () => {
    expect(ask(8, max128, max128, max128)).toEqual(fits(max128));
    expect(ask(9, max128, max128, max128)).toEqual(fits(max128));
    expect(ask(8, max128, max128, max128 - 1n)).toEqual(untouched);
    expect(ask(9, max128, 2n, 3n)).toEqual(fits((max128 * 2n) / 3n));
    expect(ask(23, max128).result).toBe(max64);
    expect(ask(22, max64, max64, max64)).toEqual(fits(max64));
  });
});

test('the operations cost what the header says', () => {
  const cost = (operation: number, a: bigint, b = 0n, c = 0n) => {
    const input = concatBytes(Uint8Array.of(operation), ...[a, b, c].map((value) => littleEndian(value, 16)));
    return Number(contract.simulate('entrypoint', { input }).gasUsed);
  };
  // `is zero` is all that a call costs besides its operation, within a few instructions.
  const frame = cost(25, max128);
  const worst = (operation: number, a: bigint, b: bigint, c = 0n) => cost(operation, a, b, c) - frame;
  const odd = 0xffff_fffe_8000_0001_7fff_ffff_ffff_fffdn;
  const divisor = 0x0000_0001_ffff_ffff_ffff_fffen;
  expect(worst(0, odd, odd)).toBeLessThan(20);
  expect(worst(3, odd, odd)).toBeLessThan(40);
  expect(worst(2, odd, 1n)).toBeLessThan(90);
  expect(worst(21, max64, max64 - 1n, max64)).toBeLessThan(170);
  expect(worst(4, odd, max64)).toBeLessThan(170);
  expect(worst(5, odd, divisor)).toBeLessThan(500);
  expect(worst(8, odd, divisor, odd + 5n)).toBeLessThan(900);
  expect(worst(8, max128 - 5n, 2n ** 127n + 1n, 2n ** 127n + 7n)).toBeLessThan(900);
  expect(worst(23, 2n ** 126n, 0n)).toBeLessThan(1_200);
});

import { concatBytes } from '@switchyard/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromLittleEndian, headerContract, littleEndian } from './header-contract.ts';

const contract = headerContract('math');

const kinds = [
  { kind: 'u64', entry: 0, min: 0n, max: 2n ** 64n - 1n },
  { kind: 'u32', entry: 1, min: 0n, max: 2n ** 32n - 1n },
  { kind: 'i64', entry: 2, min: -(2n ** 63n), max: 2n ** 63n - 1n },
];

function ask(entry: number, operation: number, a: bigint, b: bigint): readonly [boolean, bigint] {
  const input = concatBytes(Uint8Array.of(operation), littleEndian(a, 8), littleEndian(b, 8));
  const { returnData, error } = contract.simulate(entry, { input });
  if (error !== null) throw error;
  const result = fromLittleEndian(returnData.subarray(1));
  return [returnData[0] === 1, entry === 2 ? BigInt.asIntN(64, result) : result];
}

const operations = [
  ['add', (a: bigint, b: bigint) => a + b],
  ['sub', (a: bigint, b: bigint) => a - b],
  ['mul', (a: bigint, b: bigint) => a * b],
] as const;

describe.each(kinds)('arithmetic of $kind agrees with BigInt:', ({ entry, min, max }) => {
  const edges = [min, min + 1n, 0n, 1n, 2n, max / 2n, max / 2n + 1n, max - 1n, max, -1n, -2n];
  const operand = fc.oneof(
    fc.bigInt({ min, max }),
    fc.constantFrom(...edges.filter((edge) => edge >= min && edge <= max)),
    fc.tuple(fc.bigInt({ min, max }), fc.nat(64)).map(([value, by]) => value / 2n ** BigInt(by)),
  );
  const runs = { numRuns: 400, seed: 1 };

  test.each(operations)('%s says whether the result fits', (name, exact) => {
    const operation = operations.findIndex(([other]) => other === name);
    fc.assert(
      fc.property(operand, operand, (a, b) => {
        const result = exact(a, b);
        const isInside = result >= min && result <= max;
        expect(ask(entry, operation, a, b)).toEqual([isInside, isInside ? result : 7n]);
      }),
      runs,
    );
  });

  test.each(operations)('saturating %s ends at the ends of the range', (name, exact) => {
    const operation = 3 + operations.findIndex(([other]) => other === name);
    fc.assert(
      fc.property(operand, operand, (a, b) => {
        const result = exact(a, b);
        expect(ask(entry, operation, a, b)[1]).toBe(result < min ? min : result > max ? max : result);
      }),
      runs,
    );
  });

  test('min and max', () => {
    fc.assert(
      fc.property(operand, operand, (a, b) => {
        expect([ask(entry, 6, a, b)[1], ask(entry, 7, a, b)[1]]).toEqual(a < b ? [a, b] : [b, a]);
      }),
      runs,
    );
  });
});

test('the absolute value of the least i64 is 2^63', () => {
  expect(BigInt.asUintN(64, ask(2, 8, -(2n ** 63n), 0n)[1])).toBe(2n ** 63n);
  expect([-1n, 0n, 5n].map((value) => ask(2, 8, value, 0n)[1])).toEqual([1n, 0n, 5n]);
});

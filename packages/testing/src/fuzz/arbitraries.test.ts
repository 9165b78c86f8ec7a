import type { Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { createTestChain } from '../chain/create-test-chain.ts';
import { borsh } from '../values.ts';
import { anyBytes32, anyInteger } from './arbitraries.ts';
import { fuzzContract } from './fuzz-contract.ts';

/** The values as a fuzzed test gets them, which is oftener at the ends than in a plain sample. */
function some<Value>(values: Arbitrary<Value>): Value[] {
  const found: Value[] = [];
  const take = (value: Value) => void found.push(value);
  fuzzContract(createTestChain(), values, take, { runs: 300, print: () => {} });
  return found;
}

test.each([
  ['u8', 1],
  ['u64', 8],
  ['u256', 32],
] as const)('integers of type %s fit into %i bytes and reach both ends', (kind, size) => {
  const encoded = some(anyInteger(kind)).map((value) => borsh(value));
  expect(new Set(encoded.map(({ length }) => length))).toEqual(new Set([size]));
  expect(encoded).toContainEqual(new Uint8Array(size));
  expect(encoded).toContainEqual(new Uint8Array(size).fill(255));
});

test('integers stay in the bounds that are given', () => {
  const values = some(anyInteger('u64', { min: 5n, max: 7n }));
  expect(new Set(values.map((value) => borsh(value)[0]))).toEqual(new Set([5, 6, 7]));
});

test('32 bytes are 32', () => {
  expect(new Set(some(anyBytes32()).map((value) => borsh(value).length))).toEqual(new Set([32]));
});

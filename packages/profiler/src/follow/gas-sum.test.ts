import { expect, test } from 'vitest';
import { GasSum, gasBetween } from './gas-sum.ts';

test('a sum is exact beyond what a number holds', () => {
  const sum = new GasSum();
  for (let index = 0; index < 5; index++) sum.add(Number.MAX_SAFE_INTEGER);
  sum.add(2n ** 64n - 1n);
  sum.add(1);
  expect(sum.value).toBe(5n * (2n ** 53n - 1n) + 2n ** 64n);
});

test('a difference is a number where both ends are', () => {
  expect(gasBetween(3, 10)).toBe(7);
  expect(gasBetween(3, 2n ** 60n)).toBe(2n ** 60n - 3n);
});

import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

const RATE = { callsPerSecond: 2, burst: 4 };

function buckets(maxClients?: number) {
  const clock = { ms: 0 };
  return { clock, buckets: new TokenBuckets(() => clock.ms, maxClients) };
}

test('lets a burst through, then as many calls as come back', () => {
  const { clock, buckets: limit } = buckets();
  expect([1, 1, 1, 1, 1].map((calls) => limit.take('a', RATE, calls))).toEqual([0, 0, 0, 0, 0.5]);
  clock.ms = 499;
  expect(limit.take('a', RATE, 1)).toBeCloseTo(0.001);
  clock.ms = 500;
  expect(limit.take('a', RATE, 1)).toBe(0);
  clock.ms = 1_000_000;
  expect(limit.take('a', RATE, 4)).toBe(0);
  expect(limit.take('a', RATE, 1)).toBe(0.5);
});

test('a batch takes a token a call, or none at all', () => {
  const { buckets: limit } = buckets();
  expect(limit.take('a', RATE, 3)).toBe(0);
  expect(limit.take('a', RATE, 2)).toBe(0.5);
  expect(limit.take('a', RATE, 1)).toBe(0);
});

test('says that a batch above the burst never passes', () => {
  const { buckets: limit } = buckets();
  expect(limit.take('a', RATE, 5)).toBe(Number.POSITIVE_INFINITY);
  expect(limit.take('a', RATE, 4)).toBe(0);
});

test('clients do not take from one another', () => {
  const { buckets: limit } = buckets();
  expect(limit.take('a', RATE, 4)).toBe(0);
  expect(limit.take('b', RATE, 4)).toBe(0);
  expect(limit.take('a', RATE, 1)).toBe(0.5);
});

test('remembers a bounded number of clients, and forgets those that were longest away', () => {
  const { buckets: limit } = buckets(2);
  limit.take('a', RATE, 4);
  limit.take('b', RATE, 4);
  limit.take('a', RATE, 1);
  limit.take('c', RATE, 4);
  expect(limit.size).toBe(2);
  expect(limit.take('a', RATE, 1)).toBe(0.5);
  for (let client = 0; client < 1000; client++) limit.take(`address ${client}`, RATE, 1);
  expect(limit.size).toBe(2);
});

import { expect, test } from 'vitest';
import { AcceptedRules } from './accepted.ts';
import { Comparison } from './comparison.ts';

test('an entry with an exit code for every result has its first 64 ends counted each, the rest together', () => {
  const comparison = new Comparison(new AcceptedRules([], '2026-11-21'), {
    limit: 1n,
    maxRatio: undefined,
  });
  for (let code = 0; code < 1000; code++) {
    const side = { text: `{"outcome":"exit ${code % 500}"}`, gas: 1, notes: '' };
    comparison.add({ index: code, entry: 'claim', args: '' }, side, side);
  }
  const [claim] = comparison.summary();
  expect(claim!.outcomes).toHaveLength(65);
  expect(claim!.outcomes).toContainEqual(['exit 63', 2]);
  expect(claim!.outcomes).toContainEqual(['other ends', 872]);
});

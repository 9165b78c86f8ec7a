import { expect, test } from 'vitest';
import { compareGas, hasChanges } from './compare-gas.ts';
import { formatGasMarkdown, formatGasTable } from './format-gas.ts';

const deltas = compareGas(
  new Map([
    ['cheaper', 2_000n],
    ['dearer', 3n],
    ['free', 0n],
    ['gone', 7n],
    ['same', 9n],
  ]),
  new Map([
    ['a | b', 12n],
    ['cheaper', 1_999n],
    ['dearer', 4n],
    ['free', 1n],
    ['same', 9n],
  ]),
);

test('a table for a terminal has what changed, aligned, and counts the rest', () => {
  expect(formatGasTable(deltas)).toBe(
    [
      'name     before  after  change',
      'a | b               12     new',
      'cheaper    2000   1999      -1   -0.1 %',
      'dearer        3      4      +1  +33.3 %',
      'free          0      1      +1',
      'gone          7           gone',
      'gas: 2 more, 1 less, 1 new, 1 gone, 1 as before',
    ].join('\n'),
  );
});

test('a table for a pull request is markdown', () => {
  expect(formatGasMarkdown(deltas)).toBe(
    [
      '| Gas | Before | After | Change | % |',
      '|---|---:|---:|---:|---:|',
      '| a \\| b |  | 12 | new |  |',
      '| cheaper | 2000 | 1999 | -1 | -0.1 % |',
      '| dearer | 3 | 4 | +1 | +33.3 % |',
      '| free | 0 | 1 | +1 |  |',
      '| gone | 7 |  | gone |  |',
      '',
      'gas: 2 more, 1 less, 1 new, 1 gone, 1 as before',
    ].join('\n'),
  );
});

test('without changes there is one line', () => {
  const same = compareGas(new Map([['a', 1n]]), new Map([['a', 1n]]));
  expect(hasChanges(same)).toBe(false);
  expect([formatGasTable(same), formatGasMarkdown(same)]).toEqual(['gas: 1 as before', 'gas: 1 as before']);
  expect(formatGasTable([])).toBe('gas: nothing recorded');
});

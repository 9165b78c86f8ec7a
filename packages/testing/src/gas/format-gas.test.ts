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

test('the name of a test cannot steer a terminal, nor add markup', () => {
  const named = compareGas(
    new Map(),
    new Map([
      ['\u001b[2J\u202e\nok', 1n],
      ['<img src=x> [a](b) `c` *d* __e__ | f', 2n],
    ]),
  );
  expect(
    formatGasTable(named)
      .split('\n')
      .slice(1, 3)
      .map((line) => line.trim()),
  ).toEqual([
    '\\u{1b}[2J\\u{202e}\\nok                             1     new',
    '<img src=x> [a](b) `c` *d* __e__ | f              2     new',
  ]);
  expect(formatGasMarkdown(named).split('\n').slice(2, 4)).toEqual([
    '| \\\\u{1b}\\[2J\\\\u{202e}\\\\nok |  | 1 | new |  |',
    '| &lt;img src=x&gt; \\[a\\](b) \\`c\\` \\*d\\* \\_\\_e\\_\\_ \\| f |  | 2 | new |  |',
  ]);
});

test('without changes there is one line', () => {
  const same = compareGas(new Map([['a', 1n]]), new Map([['a', 1n]]));
  expect(hasChanges(same)).toBe(false);
  expect([formatGasTable(same), formatGasMarkdown(same)]).toEqual(['gas: 1 as before', 'gas: 1 as before']);
  expect(formatGasTable([])).toBe('gas: nothing recorded');
});

import { expect, test } from 'vitest';
import { FunctionIndex } from './function-index.ts';

const index = new FunctionIndex({
  default: 10,
  entries: new Map([
    [1, 20],
    [2, 10],
  ]),
  hooks: new Map([[0, 30]]),
  functions: new Map([
    ['helper', 40],
    ['early', 5],
  ]),
});

test.each([
  [0, undefined],
  [4, undefined],
  [5, 'early'],
  [9, 'early'],
  [10, 'entrypoint'],
  [19, 'entrypoint'],
  [20, 'entry_1'],
  [29, 'entry_1'],
  [30, 'hook_0'],
  [40, 'helper'],
  [1_000_000, 'helper'],
])('slot %i belongs to %s', (pc, name) => {
  expect(index.nameAt(pc)).toBe(name);
});

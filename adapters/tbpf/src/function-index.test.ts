import { expect, test } from 'vitest';
import { FunctionIndex } from './function-index.ts';
import type { FunctionSymbol } from './loader/entries.ts';

function indexOf(functions: readonly (readonly [name: string, pc: number, slots: number])[]): FunctionIndex {
  return new FunctionIndex({
    entries: { default: 10, entries: new Map(), hooks: new Map(), functions: new Map() },
    functions: functions.map(([name, pc, slots]): FunctionSymbol => ({ name, pc, slots, isLocal: false })),
  });
}

const index = indexOf([
  ['entry_1', 20, 5],
  ['entrypoint', 10, 5],
  ['alias', 10, 5],
  ['outer', 40, 20],
  ['inner', 45, 5],
  ['late', 58, 10],
  ['unsized', 80, 0],
]);

test.each([
  [0, undefined, undefined],
  [10, 'entrypoint', 'entrypoint'],
  [14, 'entrypoint', 'entrypoint'],
  [15, undefined, 'after entrypoint (no symbol covers it; build with --symbols)'],
  [20, 'entry_1', 'entry_1'],
  [25, undefined, 'after entry_1 (no symbol covers it; build with --symbols)'],
  [44, 'outer', 'outer'],
  [45, 'inner', 'inner'],
  [50, 'outer', 'outer'],
  [59, 'late', 'late'],
  [67, 'late', 'late'],
  [68, undefined, 'after late (no symbol covers it; build with --symbols)'],
  [80, undefined, 'unsized'],
  [1_000_000, undefined, 'after unsized (no symbol covers it; build with --symbols)'],
])('slot %i belongs to %s, described as %s', (pc, name, text) => {
  expect(index.nameAt(pc)).toBe(name);
  expect(index.describe(pc)).toBe(text);
});

test('a file without symbols says nothing', () => {
  expect(indexOf([]).describe(10)).toBeUndefined();
});

test('many overlapping symbols are cut in time, and the one that starts last counts', () => {
  const count = 20_000;
  const many = indexOf(Array.from({ length: count }, (_, pc) => [`f${pc}`, pc, count]));
  expect(many.nameAt(5)).toBe('f5');
  expect(many.nameAt(count + 5)).toBe(`f${count - 1}`);
});

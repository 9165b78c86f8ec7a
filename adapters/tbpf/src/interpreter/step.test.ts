import { expect, test } from 'vitest';
import { Op } from '../isa/op.ts';
import { opcodeRows } from '../isa/opcodes.ts';
import { Step } from './step.ts';

test('steps are numbered on from Op.Unknown, so that the dispatch is one dense table', () => {
  expect(Step.Add32ImmZero).toBe(Op.Unknown + 1);
  expect(Step.Overrun).toBe(Op.Unknown + 13);
});

test('no row of the opcode table has the number of a step', () => {
  const numbers = opcodeRows.map(({ op }) => op as number);
  expect(Math.max(...numbers)).toBe(Op.Unknown - 1);
  expect(Math.min(...numbers)).toBe(0);
  expect(new Set(numbers).size).toBe(Op.Unknown);
});

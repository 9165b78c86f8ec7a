import { expect, test } from 'vitest';
import { Step } from '../interpreter/step.ts';
import { Op } from '../isa/op.ts';
import { REGION_COUNT, regionRecord } from '../linear/interpreter-cells.ts';
import { CELL_BYTES } from '../linear/layout.ts';
import { webAssembly } from '../linear/web-assembly.ts';
import { handlers } from './inner-loop.ts';
import { CODES, Field } from './instruction.ts';
import { buildInterpreter } from './module.ts';

test('every code has one handler, but those that the encoder turns into others', () => {
  const codes = handlers.map(([code]) => code);
  expect(new Set(codes).size).toBe(codes.length);
  const missing = Array.from({ length: CODES }, (_, code) => code).filter((code) => !codes.includes(code));
  expect(missing).toEqual([Op.Mov32Imm, Op.Le, Op.Hor64, Op.Call]);
  expect(Step.Overrun).toBeLessThan(CODES);
});

test('codes and registers fit into their bytes, the region records into the cells', () => {
  expect(CODES).toBeLessThanOrEqual(256);
  expect(Field.immediate + 8).toBe(16);
  expect(regionRecord(REGION_COUNT)).toBe(CELL_BYTES);
});

test('the module type-checks while it is written, is valid, and is the same each time', () => {
  const bytes = buildInterpreter({ checked: true });
  const { Module } = webAssembly()!;
  expect(new Module(bytes)).toBeInstanceOf(Module);
  expect(buildInterpreter()).toEqual(bytes);
});

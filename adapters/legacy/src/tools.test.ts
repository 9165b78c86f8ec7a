import { expect, test } from 'vitest';
import { LegacyTools } from './tools.ts';

const source = '.entry #main\n#main\n  CONSTANT u64:0\n  RETURN';

test('the assembler makes modules, and refuses what it is asked for besides', () => {
  const tools = new LegacyTools();
  expect(tools.assemble(source, { kind: 'module' })).toEqual(tools.assemble(source));
  expect(() => tools.assemble(source, { kind: 'text' })).toThrow(
    'engine legacy assembles no code of kind "text"; kinds: module.',
  );
  expect(() => tools.assemble(source, { version: 'v3' })).toThrow(
    'engine legacy has one instruction set, and no version "v3".',
  );
});

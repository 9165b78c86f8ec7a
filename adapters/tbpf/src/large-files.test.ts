import { createContext, createEngineServices, encodeUtf8 } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { TbpfEngine } from './engine.ts';
import { writeSlot } from './isa/instruction.ts';
import { buildElf, buildSymbols } from './loader/test-elf.fixture.ts';
import { emptyState } from './run-assembly.fixture.ts';
import { TbpfTools } from './tools.ts';

const tools = new TbpfTools();
const LIMIT = 1_048_576;

/** A V0 text. */
function textOf(slots: number, slot: (pc: number) => readonly [opcode: number, imm: number]): Uint8Array {
  const text = new Uint8Array(slots * 8);
  for (let pc = 0; pc < slots; pc++) {
    const [opcode, imm] = slot(pc);
    writeSlot(text, pc, { opcode, dst: 0, src: 0, off: 0, imm });
  }
  return text;
}

const SHT = { bits: 1, symtab: 2, strtab: 3 } as const;

/** 36,000 function symbols, whose names of 255 bytes share one string. */
function manySymbols(): Uint8Array {
  const names = encodeUtf8(`\0${'n'.repeat(600)}\0`);
  const symbols = Array.from({ length: 36_000 }, (_, index) => ({ name: '', value: 64 + 8 * (index % 2) }));
  const { table } = buildSymbols(symbols);
  const view = new DataView(table.buffer);
  for (let index = 1; index <= 36_000; index++) view.setUint32(24 * index, 346 + (index % 250), true);
  return buildElf({
    version: 0,
    entry: 64,
    sections: [
      { name: '.text', type: SHT.bits, flags: 6, bytes: textOf(2, () => [0x95, 0]) },
      { name: '.symtab', type: SHT.symtab, bytes: table, address: 0, link: 3 },
      { name: '.strtab', type: SHT.strtab, bytes: names, address: 0 },
    ],
  });
}

const onlyText = (text: Uint8Array): Uint8Array =>
  buildElf({
    version: 0,
    entry: 64,
    sections: [{ name: '.text', type: SHT.bits, flags: 6, bytes: text }],
  });

const last = 130_899;
const functions = Array.from({ length: 18_000 }, (_, index) => `function_${index}x: add64 r10, 0\nexit`);

const files: readonly (readonly [string, () => Uint8Array, boolean])[] = [
  [
    'calls of 131,000 functions',
    () => onlyText(textOf(last + 1, (pc) => (pc === last ? [0x95, 0] : [0x85, 0]))),
    true,
  ],
  ['131,000 jumps', () => onlyText(textOf(last + 1, (pc) => (pc === last ? [0x95, 0] : [0x05, 0]))), true],
  ['131,000 jumps, the last of which is wrong', () => onlyText(textOf(last + 1, () => [0x05, 0])), false],
  ['18,000 exported functions', () => tools.assemble(functions.join('\n')), true],
  ['36,000 symbols with long names', manySymbols, true],
];

/** Far more than it takes, for machines that are busy with something else; quadratic time would take minutes. */
const BOUND_MS = 10_000;

describe('a file of about 1 MiB', () => {
  test.each(files)(
    'with %s is judged, described, and called 100 times in bounded time',
    (_name, build, valid) => {
      const code = build();
      expect(code.length).toBeGreaterThan(LIMIT * 0.8);
      expect(code.length).toBeLessThanOrEqual(LIMIT);
      const engine = new TbpfEngine({}, createEngineServices());
      const started = performance.now();
      expect(engine.validateCode(code).valid).toBe(valid);
      for (let count = 0; count < 100; count++) {
        // What costs a caller next to nothing: an entry that does not exist, and a run without gas.
        const missing = engine.execute(
          code,
          createContext({ entry: { kind: 'entry', id: 77 } }),
          emptyState(),
        );
        expect(missing.error?.code).toBe(valid ? 'ENTRY_NOT_FOUND' : 'CODE_INVALID');
        const unpaid = engine.execute(code, createContext({ gasLimit: 0n }), emptyState());
        expect(unpaid.error?.code).toBe(valid ? 'OUT_OF_GAS' : 'CODE_INVALID');
      }
      expect(tools.inspect(code).valid).toBe(valid);
      tools.disassemble(code, 'elf');
      expect(performance.now() - started).toBeLessThan(BOUND_MS);
    },
  );
});

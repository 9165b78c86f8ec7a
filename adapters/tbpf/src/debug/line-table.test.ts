import { readFileSync } from 'node:fs';
import { createContext, createEngineServices, type SourceLocation } from '@switchyard/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { containerReader } from '#container-reader';
import { TbpfEngine } from '../engine.ts';
import { emptyState } from '../run-assembly.fixture.ts';
import { TbpfTools } from '../tools.ts';
import { debugInfoOf } from './debug-info.ts';
import { DwarfCursor } from './dwarf-cursor.ts';
import { readLineHeader } from './line-header.ts';
import { readLineRows } from './line-rows.ts';
import { readLineTable } from './line-table.ts';

const folder = new URL('../../../../fixtures/debug/', import.meta.url);
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const tools = new TbpfTools();

/** Offset and size of a section in a file. */
function sectionOf(code: Uint8Array, name: string): { readonly offset: number; readonly size: number } {
  const { offset, size } = tools.inspect(code).sections.find((section) => section.name === name)!;
  return { offset, size };
}

function bytesOf(code: Uint8Array, name: string): Uint8Array {
  const { offset, size } = sectionOf(code, name);
  return code.subarray(offset, offset + size);
}

/** Address, line, column and file of each row, and whether it ends its sequence, as llvm-dwarfdump printed them. */
function recordedRows(name: string): readonly string[] {
  return readFileSync(new URL(name, folder), 'utf8')
    .split('\n')
    .filter((line) => /^0x[0-9a-f]{16} /.test(line))
    .map((line) => {
      const [address, row, column, number] = line.split(/\s+/);
      return `${Number(address)} ${row} ${column} ${number}${line.includes('end_sequence') ? ' end' : ''}`;
    });
}

describe.each(['v4', 'v5'])('the line table of clang 14, DWARF %s', (version) => {
  const code = file(`lines.${version}.so`);
  const sections = {
    line: bytesOf(code, '.debug_line'),
    lineStrings: version === 'v5' ? bytesOf(code, '.debug_line_str') : new Uint8Array(0),
    strings: version === 'v4' ? bytesOf(code, '.debug_str') : new Uint8Array(0),
  };

  test('has the rows that llvm-dwarfdump finds in it', () => {
    const rows: string[] = [];
    const header = readLineHeader(new DwarfCursor(sections.line), sections);
    readLineRows(sections.line, header, ({ address, line, column, file: number, isEnd }) => {
      // llvm-dwarfdump leaves out sequences at 2^64 − 1: the function that the linker left out.
      if (address < 2 ** 32) rows.push(`${address} ${line} ${column} ${number}${isEnd ? ' end' : ''}`);
    });
    expect(rows).toHaveLength(25);
    expect(rows).toEqual(recordedRows(`lines.${version}.txt`));
  });

  test('gives instructions their lines; those of no line count to the one before', () => {
    const { sourceMap } = tools;
    const map = sourceMap.call(tools, code);
    const text = tools.disassemble(code, 'elf').split('\n');
    expect(text).toContain('entry_1:');
    const start = tools.inspect(code).symbols.find(({ name }) => name === 'entry_1')!.position;
    expect([start, start + 1, start + 2].map((pc) => map.locate(pc))).toEqual<(SourceLocation | undefined)[]>(
      [
        { file: 'lines.c', line: 28, column: 29 },
        { file: 'lines.c', line: 29, column: 10 },
        { file: 'lines.c', line: 29, column: 3 },
      ],
    );
    expect(map.functionAt(start + 1)).toBe('entry_1');
    // The linker's own default entry comes from no source.
    expect(map.locate(0)).toBeUndefined();
    expect(map.locate(100_000)).toBeUndefined();
  });

  test('is summed up by inspect', () => {
    expect(tools.inspect(code).debug).toEqual({ files: ['lines.c'], lines: 11, note: null });
  });

  test('names the line of a fault on every tier, and nothing of it changes how a run ends', () => {
    const end = (tier: string) => {
      const engine = new TbpfEngine({ tier }, createEngineServices());
      const context = createContext({ entry: { kind: 'entry', id: 1 }, input: new Uint8Array(8) });
      const { status, gasUsed, error } = engine.execute(code, context, emptyState());
      return { status, gasUsed, ...error?.details };
    };
    for (const tier of ['reference', 'interpreter', 'compiled']) {
      expect(end(tier)).toMatchObject({
        status: 'failed',
        gasUsed: 2n,
        function: 'entry_1',
        source: 'lines.c:29',
      });
    }
  });
});

test('a file without debug information says nothing of it', () => {
  const code = file('../contracts/counter/counter.so');
  expect(debugInfoOf(code)).toBeUndefined();
  expect(tools.inspect(code)).not.toHaveProperty('debug');
  expect(tools.sourceMap(code).locate(0)).toBeUndefined();
});

describe('hostile debug information', () => {
  const original = file('lines.v5.so');

  test('any bytes in its place: no source or some, never an error, and the contract runs as before', () => {
    const engine = new TbpfEngine({ tier: 'reference' }, createEngineServices());
    const ranges = ['.debug_line', '.debug_line_str'].map((name) => sectionOf(original, name));
    const places = ranges.flatMap(({ offset, size }) =>
      Array.from({ length: size }, (_, index) => offset + index),
    );
    const edit = fc.tuple(fc.constantFrom(...places), fc.nat(255));
    let unreadable = 0;
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
        const code = original.slice();
        for (const [at, byte] of edits) code[at] = byte;
        const info = debugInfoOf(code)!;
        const report = info.report();
        if (report.note !== null) unreadable++;
        for (let pc = 0; pc < 40; pc++) info.locate(pc);
        const context = createContext({ entry: { kind: 'entry', id: 0 }, input: new Uint8Array(3) });
        expect(engine.execute(code, context, emptyState()).gasUsed).toBe(37n);
      }),
      { seed: 9, numRuns: 400 },
    );
    expect(unreadable).toBeGreaterThan(20);
  });

  const text = { address: 0, size: 800 };
  const table = (line: readonly number[]) =>
    readLineTable(
      { line: Uint8Array.from(line), lineStrings: new Uint8Array(0), strings: new Uint8Array(0) },
      text,
    );
  /** A version 5 unit whose header goes on as given, up to 200 bytes. */
  const unit5 = (rest: readonly number[]) => {
    const body = [
      5,
      0,
      8,
      0,
      200,
      0,
      0,
      0,
      8,
      1,
      1,
      0xfb,
      14,
      13,
      0,
      1,
      1,
      1,
      1,
      0,
      0,
      0,
      1,
      0,
      0,
      1,
      ...rest,
    ];
    return [220, 0, 0, 0, ...body, ...Array.from({ length: 220 - body.length }, () => 0)];
  };

  test.each([
    ['an end in the midst', [9, 0], /ends at byte 2/],
    ['a table longer than its section', [9, 0, 0, 0, 5, 0], /longer than its section/],
    ['64-bit DWARF', [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0], /64-bit/],
    ['an old version', [2, 0, 0, 0, 2, 0], /version 2/],
    ['rows of files without a byte', unit5([0, 0xff, 0xff, 0xff, 0x7f]), /table of files is too long/],
    ['more files than bytes', unit5([1, 1, 8, 0xff, 0xff, 0xff, 0x7f]), /table of files is too long/],
    ['an unknown form', unit5([1, 1, 0x77, 1]), /form 0x77/],
    [
      'a number without an end',
      unit5([1, ...Array.from({ length: 20 }, () => 0xff)]),
      /longer than ten bytes/,
    ],
  ])('%s is noted', (_name, line, note) => {
    const read = table(line as readonly number[]);
    expect(read.note).toMatch(note as RegExp);
    expect(read.lines).toBe(0);
    expect(read.locate(0)).toBeUndefined();
  });

  test('a megabyte of rows is bounded', () => {
    const header = unit5([0, 0, 0, 0]).slice(0, 4 + 12 + 200);
    const program = Array.from({ length: 1_000_000 }, () => 1);
    const length = header.length - 4 + program.length;
    const line = [...[0, 8, 16, 24].map((shift) => (length >> shift) & 255), ...header.slice(4), ...program];
    expect(table(line).note).toMatch(/more than 400000 rows/);
  });
});

test('the reader of containers is the same for Node and browsers', () => {
  expect(containerReader.read(file('lines.v4.so'))?.sectionHeaders.length).toBe(
    tools.inspect(file('lines.v4.so')).sections.length + 1,
  );
});

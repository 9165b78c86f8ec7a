import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readElf } from './elf-reader.fixture.ts';
import { link } from './link.ts';
import { buildObject, CODE, RETURN_0 } from './object-builder.fixture.ts';

const folder = new URL('../../../../fixtures/debug/', import.meta.url);
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const object = (name: string) => ({ name, bytes: file(name) });

/** Names of the sections of a linked file that begin with `.debug_`. */
const debugNames = (elf: Uint8Array): string[] =>
  readElf(elf)
    .sections.map(({ name }) => name)
    .filter((name) => name.startsWith('.debug_'));

/** All that is loaded: the file up to where the first section without an address begins, without the file header. */
function loaded(elf: Uint8Array): Uint8Array {
  const ends = readElf(elf)
    .sections.filter(({ flags }) => (flags & 2) !== 0)
    .map(({ offset, size }) => offset + size);
  return elf.subarray(64, Math.max(...ends));
}

describe.each(['lines.v4', 'lines.v5'])('%s', (name) => {
  test('links to the committed file', () => {
    expect(link([object(`${name}.o`)], { debugInfo: true, debugSymbols: true })).toEqual(file(`${name}.so`));
  });

  test('what is loaded is the same with and without debug information', () => {
    const plain = link([object(`${name}.o`)]);
    const debug = link([object(`${name}.o`)], { debugInfo: true });
    expect(debugNames(plain)).toEqual([]);
    expect(loaded(debug)).toEqual(loaded(plain));
    expect(readElf(debug).entry).toBe(readElf(plain).entry);
  });
});

test('sections of DWARF 4 are all kept; where the loader refuses a name of DWARF 5, the line tables alone', () => {
  expect(debugNames(link([object('lines.v4.o')], { debugInfo: true }))).toEqual([
    '.debug_loc',
    '.debug_abbrev',
    '.debug_info',
    '.debug_ranges',
    '.debug_str',
    '.debug_frame',
    '.debug_line',
  ]);
  expect(debugNames(link([object('lines.v5.o')], { debugInfo: true }))).toEqual([
    '.debug_line',
    '.debug_line_str',
  ]);
});

test('two objects have their sections one behind another, and offsets into the second are moved', () => {
  const other = {
    name: 'other.o',
    bytes: buildObject(
      [
        { name: '.text', flags: CODE, bytes: RETURN_0 },
        {
          name: '.debug_line',
          flags: 0,
          bytes: [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0],
          alignment: 1,
          // An address of code, and an offset into the object's own section.
          relocations: [
            [0, 2, 1],
            [8, 3, 2],
          ],
        },
      ],
      [
        { name: 'other_function', size: 16 },
        { name: '', binding: 0, type: 3, section: 2 },
      ],
    ),
  };
  const elf = link([object('lines.v4.o'), other], { debugInfo: true });
  const read = readElf(elf);
  const { offset, size } = read.section('.debug_line');
  const start = offset + size - 12;
  expect(read.u32(start)).toBe(read.symbols.find(({ name }) => name === 'other_function')!.value + 1);
  expect(read.u32(start + 8)).toBe(size - 12 + 2);
});

test('code that is left out has an address that no contract has', () => {
  const elf = link([object('lines.v4.o')], { debugInfo: true });
  const kept = link([object('lines.v4.o')], { debugInfo: true, gcSections: false });
  const tombstones = (bytes: Uint8Array): number => {
    const { offset, size } = readElf(bytes).section('.debug_line');
    const line = Buffer.from(bytes.subarray(offset, offset + size));
    // DW_LNE_set_address, 9 bytes.
    return line.toString('hex').split('000902ffffffffffffffff').length - 1;
  };
  expect(tombstones(elf)).toBe(1);
  expect(tombstones(kept)).toBe(0);
});

test('the error of a file that debug information makes too large says so', () => {
  const large = {
    name: '.debug_str',
    flags: 0,
    bytes: Array.from({ length: 1_048_000 }, () => 65),
    alignment: 1,
  };
  const bytes = buildObject(
    [{ name: '.text', flags: CODE, bytes: RETURN_0 }, large],
    [{ name: 'entrypoint', size: 16 }],
  );
  expect(() => link([{ name: 'a.o', bytes }], { debugInfo: true })).toThrow(
    expect.objectContaining({
      code: 'CODE_TOO_LARGE',
      hint: '1048000 bytes of it are debug information: build without --debug, or give fewer sources -g.',
    }),
  );
  expect(link([{ name: 'a.o', bytes }]).length).toBeLessThan(1000);
});

test.each([
  ['an unknown relocation', [[0, 9, 1]], 'relocation type 9 is not supported in debug information'],
  ['an address that leaves its section', [[4, 2, 1]], 'an address is outside its section'],
] as const)('%s is refused', (_name, relocations, message) => {
  const bytes = buildObject(
    [
      { name: '.text', flags: CODE, bytes: RETURN_0 },
      { name: '.debug_line', flags: 0, bytes: [0, 0, 0, 0, 0, 0, 0, 0], alignment: 1, relocations },
    ],
    [{ name: 'entrypoint', size: 16 }],
  );
  expect(() => link([{ name: 'a.o', bytes }], { debugInfo: true })).toThrow(message);
});

test('a mutated object links or is LINK_FAILED, and nothing else', () => {
  const original = file('lines.v4.o');
  const edit = fc.tuple(fc.nat(original.length - 1), fc.nat(255));
  let linked = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const bytes = original.slice();
      for (const [at, byte] of edits) bytes[at] = byte;
      try {
        link([{ name: 'a.o', bytes }], { debugInfo: true });
        linked++;
      } catch (error) {
        expect(error).toMatchObject({
          name: 'VmError',
          code: expect.stringMatching(/^(LINK_FAILED|CODE_TOO_LARGE)$/),
        });
      }
    }),
    { seed: 3, numRuns: 500 },
  );
  expect(linked).toBeGreaterThan(50);
});

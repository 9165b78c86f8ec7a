import { readSlot, syscallKey } from '@switchyard/tbpf/format';
import { expect, test } from 'vitest';
import { link } from './link.ts';
import {
  buildObject,
  CALL,
  CODE,
  CONSTANT,
  EXIT,
  slots,
  type TestSection,
  type TestSymbol,
  UNDEFINED,
  WRITABLE,
} from './object-builder.fixture.ts';

/** Offset of the code in every V3 file: behind the header and four program headers. */
const codeOffset = 288;

/** The linker's own function at address 0. */
const own = [
  [0x07, 10, 0, 0, 0],
  [0xb7, 0, 0, 0, -1],
  [0x95, 0, 0, 0, 0],
];

/** The code of the linked file as opcode, dst, src, off, imm, without the linker's own function; and the data behind it. */
function linked(sections: readonly TestSection[], symbols: readonly TestSymbol[]) {
  const file = link([{ name: 'a.o', bytes: buildObject(sections, symbols) }], { version: 3 });
  const view = new DataView(file.buffer);
  const size = Number(view.getBigUint64(64 + 32, true));
  const text = file.subarray(codeOffset, codeOffset + size);
  const rows = Array.from({ length: size / 8 }, (_, pc) => {
    const { opcode, dst, src, off, imm } = readSlot(text, pc);
    return [opcode, dst, src, off, imm];
  });
  expect(rows.slice(0, own.length)).toEqual(own);
  const word = (offset: number) => view.getBigUint64(codeOffset + size + offset, true);
  return { rows: rows.slice(own.length), word, entry: Number(view.getBigUint64(24, true)) };
}

const MARK = (imm = 0) => [0x07, 10, 0, 0, imm];
const exit = [0x95, 0, 0, 0, 0];

test('begins every function with a marker, and calls the marker', () => {
  const { rows, entry } = linked(
    [
      { name: '.text', flags: CODE, bytes: slots(CALL, EXIT), relocations: [[0, 10, 2]] },
      { name: '.text.f', flags: CODE, bytes: slots([0xb7], EXIT) },
    ],
    [
      { name: 'entrypoint', size: 16 },
      { name: 'f', section: 2, size: 16 },
    ],
  );
  expect(entry).toBe(24);
  expect(rows).toEqual([MARK(), [0x85, 0, 1, 0, 1], exit, MARK(), [0xb7, 0, 0, 0, 0], exit]);
});

test('lowers the stack on the way into a function by the largest frame, in units of 64, but not for the host', () => {
  const store = [0x7b, 0x0a, -8] as const;
  const { rows } = linked(
    [
      { name: '.text', flags: CODE, bytes: slots(CALL, EXIT), relocations: [[0, 10, 2]] },
      { name: '.text.f', flags: CODE, bytes: slots(store, EXIT) },
      { name: '.stack_sizes', flags: 0, bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0xc8, 0x01], link: 2 },
    ],
    [
      { name: 'entrypoint', size: 16 },
      { name: 'f', section: 2, size: 16 },
    ],
  );
  // 200 bytes, rounded up.
  expect(rows).toEqual([MARK(), [0x85, 0, 1, 0, 1], exit, MARK(-256), [0x7b, 10, 0, -8, 0], exit]);
});

test.each([
  ['512 bytes, which clang allows', -8, -512],
  ['a whole frame, when an access is beyond that', -600, -4096],
])('assumes without a table of the compiler %s', (_, offset, imm) => {
  const { rows } = linked(
    [
      {
        name: '.text',
        flags: CODE,
        bytes: slots([0x7b, 0x0a, offset], CALL, EXIT),
        relocations: [[8, 10, 1]],
      },
    ],
    [{ name: 'entrypoint', size: 24 }],
  );
  expect(rows[0]).toEqual(MARK(imm));
  // A call of itself, from slot 2 of the function to its marker.
  expect(rows[2]).toEqual([0x85, 0, 1, 0, -3]);
});

test('keeps jumps inside a function, also one back to its first instruction, behind the marker', () => {
  const { rows } = linked(
    [{ name: '.text', flags: CODE, bytes: slots([0x15, 1, 1], [0x05, 0, -2], EXIT) }],
    [{ name: 'entrypoint', size: 24 }],
  );
  expect(rows).toEqual([MARK(), [0x15, 1, 0, 1, 0], [0x05, 0, 0, -2, 0], exit]);
});

test('calls a syscall by the key of its name', () => {
  const { rows } = linked(
    [{ name: '.text', flags: CODE, bytes: slots(CALL, EXIT), relocations: [[0, 10, 2]] }],
    [
      { name: 'entrypoint', size: 16 },
      { name: 'tos_log', section: UNDEFINED },
    ],
  );
  expect(rows[1]).toEqual([0x85, 0, 0, 0, syscallKey('tos_log') | 0]);
});

test('puts final addresses into loads and words: of constants above 2^32, of functions from 0', () => {
  const { rows, word } = linked(
    [
      {
        name: '.text',
        flags: CODE,
        bytes: slots([0x18, 1, 0, 2], [0], [0x18, 2], [0], EXIT),
        relocations: [
          [0, 1, 3],
          [16, 1, 2],
        ],
      },
      { name: '.text.f', flags: CODE, bytes: slots(EXIT) },
      {
        name: '.data.rel.ro',
        flags: WRITABLE,
        bytes: [0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0],
        relocations: [
          [0, 2, 2],
          [8, 2, 3],
        ],
      },
      { name: '.rodata', flags: CONSTANT, bytes: [7, 7, 7, 7, 7, 7, 7, 7] },
    ],
    [
      { name: 'entrypoint', size: 40 },
      { name: 'f', section: 2, size: 8 },
      { name: 'table', section: 3, type: 1, size: 16 },
    ],
  );
  // The table follows nothing, since nothing refers to the other constants; f is behind six slots of entrypoint.
  const f = (3 + 6) * 8;
  expect(rows.slice(1, 5)).toEqual([
    [0x18, 1, 0, 0, 2],
    [0, 0, 0, 0, 1],
    [0x18, 2, 0, 0, f],
    [0, 0, 0, 0, 0],
  ]);
  expect(rows[6]).toEqual(MARK());
  expect(word(0)).toBe(BigInt(f));
  expect(word(8)).toBe(0x1_0000_0003n);
});

test('ends a function in a trap when the compiler let it end in nothing', () => {
  const { rows } = linked(
    [{ name: '.text', flags: CODE, bytes: slots(CALL), relocations: [[0, 10, 2]] }],
    [
      { name: 'entrypoint', size: 8 },
      { name: 'tos_log', section: UNDEFINED },
    ],
  );
  expect(rows.slice(2)).toEqual([[0xb7, 0, 0, 0, 0], [0x71, 0, 0, 0, 0], exit]);
});

test('takes the register of callx from where newer compilers write it', () => {
  const { rows } = linked(
    [{ name: '.text', flags: CODE, bytes: slots([0x8d, 3], [0x8d, 0, 0, 4], EXIT) }],
    [{ name: 'entrypoint', size: 24 }],
  );
  expect(rows.slice(1, 3)).toEqual([
    [0x8d, 0, 0, 0, 3],
    [0x8d, 0, 0, 0, 4],
  ]);
});

const code = (...rows: readonly (readonly [number, number?, number?, number?])[]) =>
  buildObject(
    [{ name: '.text', flags: CODE, bytes: slots(...rows) }],
    [
      { name: 'entrypoint', size: 8 },
      { name: 'f', value: 8, size: (rows.length - 1) * 8 },
    ],
  );

test.each([
  [
    'a jump into another function',
    code([0x05, 0, 0], EXIT),
    'a jump leaves its function, which spans 0x0 to 0x8 (at .text+0x0)',
  ],
  ['a jump into a load', code(EXIT, [0x05, 0, 1], [0x18], [0], EXIT), 'a jump leaves its function'],
  [
    'a function inside a load',
    code([0x18], [0], EXIT),
    'a function would start inside an instruction (at .text+0x8)',
  ],
  ['a 32-bit move', code(EXIT, [0xbc, 0x11], EXIT), 'a 32-bit move extends the sign in V3'],
  ['a function that moves its frame', code(EXIT, [0x07, 10, 0, -64], EXIT), 'r10 is moved'],
])('refuses %s', (_, bytes, message) => {
  expect(() => link([{ name: 'a.o', bytes }], { version: 3 })).toThrow(message);
});

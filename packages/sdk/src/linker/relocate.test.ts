import { functionKey, syscallKey } from '@switchyard/tbpf/format';
import { expect, test } from 'vitest';
import { readElf } from './elf-reader.fixture.ts';
import { link } from './link.ts';
import {
  buildObject,
  CALL,
  CODE,
  CONSTANT,
  EXIT,
  RETURN_0,
  slots,
  UNDEFINED,
  WRITABLE,
} from './object-builder.fixture.ts';

const lddw = (low: number) => [[0x18, 1, 0, low], [0]] as const;
// Everything is kept, so that data needs no code that refers to it.
const linked = (bytes: Uint8Array) => readElf(link([{ name: 'a.o', bytes }], { gcSections: false }));

test('puts the address of data into both halves of a 64-bit load and leaves a relative relocation', () => {
  const elf = linked(
    buildObject(
      [
        { name: '.text', flags: CODE, bytes: slots(...lddw(4), EXIT), relocations: [[0, 1, 2]] },
        { name: '.rodata', flags: CONSTANT, bytes: Array.from({ length: 16 }, () => 7) },
      ],
      [
        { name: 'entrypoint', size: 24 },
        { name: '', binding: 0, type: 3, section: 2 },
      ],
    ),
  );
  const text = elf.section('.text').address;
  expect(elf.u32(text + 4)).toBe(elf.section('.rodata').address + 4);
  expect(elf.u32(text + 12)).toBe(0);
  expect(elf.relocations).toEqual([{ offset: text, type: 8, symbol: '' }]);
});

test('counts the offset of a 64-bit load as signed', () => {
  const elf = linked(
    buildObject(
      [
        { name: '.text', flags: CODE, bytes: slots(...lddw(-8), EXIT), relocations: [[0, 1, 2]] },
        { name: '.rodata', flags: CONSTANT, bytes: RETURN_0 },
      ],
      [
        { name: 'entrypoint', size: 24 },
        { name: 'table', type: 1, section: 2 },
      ],
    ),
  );
  expect(elf.u32(elf.section('.text').address + 4)).toBe(elf.section('.rodata').address - 8);
});

test('writes a pointer in data where the loader reads it, at +4', () => {
  const elf = linked(
    buildObject(
      [
        { name: '.text', flags: CODE, bytes: RETURN_0 },
        {
          name: '.data.rel.ro',
          flags: WRITABLE,
          bytes: [8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
          relocations: [[0, 2, 1]],
        },
      ],
      [{ name: 'entrypoint', size: 16 }],
    ),
  );
  const { address } = elf.section('.data.rel.ro');
  expect(elf.u32(address)).toBe(0);
  expect(elf.u32(address + 4)).toBe(elf.section('.text').address + 8);
  expect(elf.u32(address + 8)).toBe(0x04030201);
  expect(elf.relocations).toEqual([{ offset: address, type: 8, symbol: '' }]);
});

test('resolves a call through a section symbol by the immediate', () => {
  const elf = linked(
    buildObject(
      [
        { name: '.text', flags: CODE, bytes: slots([0x85, 0x10, 0, 1], EXIT), relocations: [[0, 10, 2]] },
        { name: '.text.cold', flags: CODE, bytes: slots(EXIT, EXIT, EXIT) },
      ],
      [
        { name: 'entrypoint', size: 16 },
        { name: '', binding: 0, type: 3, section: 2 },
      ],
    ),
  );
  // The cold section starts at slot 2; its offset (1 + 1) · 8 is slot 4.
  expect(elf.i32(elf.section('.text').address + 4)).toBe(3);
  expect(elf.relocations).toEqual([]);
});

test('keeps calls that the assembler resolved', () => {
  const elf = linked(
    buildObject(
      [{ name: '.text', flags: CODE, bytes: slots([0x85, 0x10, 0, 1], EXIT, EXIT) }],
      [{ name: 'entrypoint', size: 24 }],
    ),
  );
  expect(elf.i32(elf.section('.text').address + 4)).toBe(1);
});

test('leaves a call of itself to the loader, which takes the immediate -1 for unresolved', () => {
  const elf = linked(
    buildObject(
      [{ name: '.text', flags: CODE, bytes: slots(EXIT, CALL, EXIT), relocations: [[8, 10, 2]] }],
      [
        { name: 'entrypoint', size: 8 },
        { name: 'again', value: 8, size: 16, binding: 0 },
      ],
    ),
  );
  const text = elf.section('.text').address;
  expect(elf.i32(text + 12)).toBe(-1);
  expect(elf.relocations).toEqual([{ offset: text + 8, type: 10, symbol: '' }]);
  expect(elf.symbols[1]).toEqual({ name: '', type: 2, section: 1, value: text + 8, size: 0 });
});

test('calls entrypoint like any other function', () => {
  const elf = linked(
    buildObject(
      [{ name: '.text', flags: CODE, bytes: slots(CALL, EXIT, EXIT), relocations: [[0, 10, 1]] }],
      [
        { name: 'entrypoint', value: 16, size: 8 },
        { name: 'entry_0', size: 16 },
      ],
    ),
  );
  expect(elf.i32(elf.section('.text').address + 4)).toBe(1);
  expect(elf.relocations).toEqual([]);
});

test('moves the code when the key of a called function equals that of a syscall', () => {
  expect(syscallKey('FwMa')).toBe(functionKey(216));
  const code = slots(CALL, CALL, ...Array.from({ length: 215 }, () => EXIT));
  const elf = linked(
    buildObject(
      [
        {
          name: '.text',
          flags: CODE,
          bytes: code,
          relocations: [
            [0, 10, 2],
            [8, 10, 3],
          ],
        },
      ],
      [
        { name: 'entrypoint', size: 16 },
        { name: 'f', value: 216 * 8, size: 8 },
        { name: 'FwMa', section: UNDEFINED },
      ],
    ),
  );
  const text = elf.section('.text');
  expect(text.size).toBe(code.length + 8);
  expect(elf.u32(text.address)).toBe(0x95);
  expect(elf.entry).toBe(text.address + 8);
});

import { describe, expect, test } from 'vitest';
import { contractFile, contractNames, contractObject } from '../contract-files.fixture.ts';
import { readElf } from './elf-reader.fixture.ts';
import { link } from './link.ts';
import type { LinkWarning } from './link-warnings.ts';
import {
  buildObject,
  CALL,
  CODE,
  CONSTANT,
  EXIT,
  RETURN_0,
  slots,
  UNDEFINED,
} from './object-builder.fixture.ts';

describe.each(contractNames)('%s', (name) => {
  test('links from its committed object to its committed file', () => {
    expect(link([contractObject(name)])).toEqual(contractFile(`${name}/${name}.so`));
  });

  test('has the layout that the loader wants', () => {
    const elf = readElf(contractFile(`${name}/${name}.so`));
    expect(elf).toMatchObject({ type: 3, machine: 263, flags: 0 });
    const { address, size } = elf.section('.text');
    expect(address).toBeGreaterThan(0);
    expect(address % 8).toBe(0);
    expect(elf.entry).toBe(elf.symbols.find((symbol) => symbol.name === 'entrypoint')!.value);
    expect(elf.entry).toBeGreaterThanOrEqual(address);
    expect(elf.entry).toBeLessThan(address + size);
    let end = 64 + elf.segments.length * 56;
    for (const section of elf.sections.slice(1)) {
      expect(section.name.length).toBeLessThan(16);
      expect(section.offset).toBeGreaterThanOrEqual(end);
      if ((section.flags & 2) !== 0) expect(section.address).toBe(section.offset);
      end = section.offset + section.size;
    }
  });
});

test('puts the sections in the order that the loader can borrow from the file', () => {
  const elf = readElf(contractFile('token/token.so'));
  expect(elf.sections.map((section) => section.name)).toEqual([
    '',
    '.text',
    '.rodata',
    '.dynsym',
    '.dynstr',
    '.rel.dyn',
    '.dynamic',
    '.shstrtab',
  ]);
});

test('exports every entry, hook and global function, then the syscalls by name', () => {
  const names = readElf(contractFile('counter/counter.so')).symbols.map((symbol) => symbol.name);
  expect(names.slice(1, 5).sort()).toEqual(['entry_0', 'entry_1', 'entrypoint', 'hook_0']);
  expect(names.slice(5)).toEqual(['tos_set_return_data', 'tos_storage_read', 'tos_storage_write']);
});

test('gives the same bytes whatever the objects are called', () => {
  const { bytes } = contractObject('token');
  expect(link([{ name: '/home/somebody/a.o', bytes }])).toEqual(link([{ name: 'b.o', bytes }]));
});

test('leaves out debug information and its relocations', () => {
  const symbols = [{ name: 'entrypoint', size: 16 }];
  const plain = buildObject([{ name: '.text', flags: CODE, bytes: RETURN_0 }], symbols);
  const debug = buildObject(
    [
      { name: '.text', flags: CODE, bytes: RETURN_0 },
      { name: '.debug_info', flags: 0, bytes: [1, 2, 3, 4, 5, 6, 7, 8], relocations: [[0, 3, 1]] },
      { name: '.BTF', flags: 0, bytes: [9, 9], relocations: [[0, 4, 1]] },
      { name: '.eh_frame', flags: CONSTANT, bytes: [0, 0, 0, 0, 0, 0, 0, 0], relocations: [[0, 2, 1]] },
    ],
    symbols,
  );
  expect(link([{ name: 'debug.o', bytes: debug }])).toEqual(link([{ name: 'plain.o', bytes: plain }]));
});

test('merges the code and the data of several objects and calls across them', () => {
  const main = buildObject(
    [
      {
        name: '.text',
        flags: CODE,
        bytes: slots(CALL, CALL, EXIT),
        relocations: [
          [0, 10, 2],
          [8, 10, 3],
        ],
      },
    ],
    [
      { name: 'entrypoint', size: 24 },
      { name: 'helper', section: UNDEFINED },
      { name: 'tos_log', section: UNDEFINED },
    ],
  );
  const helper = buildObject(
    [
      { name: '.text.helper', flags: CODE, bytes: RETURN_0 },
      { name: '.rodata.str', flags: CONSTANT, bytes: [65, 66, 0], alignment: 1 },
    ],
    [{ name: 'helper', size: 16 }],
  );
  const elf = readElf(
    link(
      [
        { name: 'main.o', bytes: main },
        { name: 'helper.o', bytes: helper },
      ],
      { gcSections: false },
    ),
  );
  const text = elf.section('.text');
  expect(text.size).toBe(40);
  expect(elf.section('.rodata').size).toBe(3);
  expect(elf.i32(text.address + 4)).toBe(2); // to slot 3, from slot 1
  expect(elf.u32(text.address)).toBe(0x1085);
  expect(elf.i32(text.address + 12)).toBe(-1);
  expect(elf.relocations).toEqual([{ offset: text.address + 8, type: 10, symbol: 'tos_log' }]);
  expect(elf.symbols.at(-1)).toEqual({ name: 'tos_log', type: 0, section: 0, value: 0, size: 0 });
});

test('prefers a strong definition to weak ones, and takes the first weak one', () => {
  const caller = buildObject(
    [{ name: '.text', flags: CODE, bytes: slots(CALL, EXIT), relocations: [[0, 10, 2]] }],
    [
      { name: 'entrypoint', size: 16 },
      { name: 'f', section: UNDEFINED },
    ],
  );
  const define = (binding: number, slotCount: number) =>
    buildObject(
      [{ name: '.text', flags: CODE, bytes: slots(...Array.from({ length: slotCount }, () => EXIT)) }],
      [{ name: 'f', binding, value: (slotCount - 1) * 8, size: 8 }],
    );
  const callTarget = (...objects: Uint8Array[]) => {
    const inputs = [caller, ...objects].map((bytes, index) => ({ name: `${index}.o`, bytes }));
    const elf = readElf(link(inputs, { gcSections: false }));
    return elf.i32(elf.section('.text').address + 4) + 1;
  };
  expect(callTarget(define(2, 1), define(2, 2))).toBe(2);
  expect(callTarget(define(2, 1), define(1, 2))).toBe(4);
  expect(callTarget(define(1, 1), define(2, 2))).toBe(2);
});

test('keeps hidden functions out of the exports', () => {
  const bytes = buildObject(
    [{ name: '.text', flags: CODE, bytes: [...RETURN_0, ...RETURN_0] }],
    [
      { name: 'entrypoint', size: 16 },
      { name: 'internal', value: 16, size: 16, visibility: 2 },
    ],
  );
  expect(readElf(link([{ name: 'a.o', bytes }])).symbols.map((symbol) => symbol.name)).toEqual([
    '',
    'entrypoint',
  ]);
});

test('answers the default entry with 2^64 - 1 when the contract has only numbered ones', () => {
  const bytes = buildObject(
    [{ name: '.text', flags: CODE, bytes: RETURN_0 }],
    [{ name: 'entry_3', size: 16 }],
  );
  const warnings: LinkWarning[] = [];
  const elf = readElf(link([{ name: 'a.o', bytes }], { onWarning: (warning) => warnings.push(warning) }));
  const { address } = elf.section('.text');
  expect(elf.entry).toBe(address);
  expect(elf.u32(address)).toBe(0xb7);
  expect(elf.i32(address + 4)).toBe(-1);
  expect(elf.u32(address + 8)).toBe(0x95);
  expect(elf.symbols.at(-1)).toMatchObject({ name: 'entry_3', value: address + 16 });
  expect(warnings.map(({ kind }) => kind)).toEqual(['no-default-entry']);
});

test('warns of unknown syscalls and misspelt entries', () => {
  const bytes = buildObject(
    [
      {
        name: '.text',
        flags: CODE,
        bytes: slots(CALL, CALL, EXIT),
        relocations: [
          [0, 10, 4],
          [8, 10, 5],
        ],
      },
    ],
    [
      { name: 'entrypoint', size: 24 },
      { name: 'entry_01', size: 24 },
      { name: 'hook_256', size: 24 },
      { name: 'tos_logg', section: UNDEFINED },
      { name: 'burn', section: UNDEFINED },
    ],
  );
  const warnings: string[] = [];
  link([{ name: 'a.o', bytes }], {
    extraSyscalls: ['burn'],
    onWarning: ({ message }) => warnings.push(message),
  });
  expect(warnings).toEqual([
    'undefined and not a known syscall: tos_logg (called in a.o, .text+0x0); a call of it fails at run time',
    'entry_01 is not an entry: N of entry_N is 0 to 65535, of hook_N 0 to 255, without leading zeros',
    'hook_256 is not an entry: N of entry_N is 0 to 65535, of hook_N 0 to 255, without leading zeros',
  ]);
  expect(() => link([{ name: 'a.o', bytes }], { strict: true })).toThrow(
    'undefined and not a known syscall: burn (called in a.o, .text+0x8), tos_logg (called in a.o, .text+0x0)',
  );
});

test('adds names of all functions on request, but never of a private function that is called like an entry', () => {
  const bytes = buildObject(
    [{ name: '.text', flags: CODE, bytes: [...RETURN_0, ...RETURN_0, ...RETURN_0] }],
    [
      { name: 'entrypoint', size: 16 },
      { name: 'quiet', binding: 0, value: 16, size: 16 },
      { name: 'entry_5', binding: 0, value: 32, size: 16 },
    ],
  );
  const file = link([{ name: 'a.o', bytes }], { debugSymbols: true });
  const elf = readElf(file);
  expect(elf.sections.map(({ name }) => name).slice(-3)).toEqual(['.symtab', '.strtab', '.shstrtab']);
  expect(
    new TextDecoder().decode(
      file.subarray(
        elf.section('.strtab').offset,
        elf.section('.strtab').offset + elf.section('.strtab').size,
      ),
    ),
  ).toBe('\0entrypoint\0quiet\0');
});

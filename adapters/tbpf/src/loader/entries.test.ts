import { expect, test } from 'vitest';
import { defaultTbpfConfig } from '../config.ts';
import { findEntries } from './entries.ts';
import { loadElf } from './load.ts';
import { noSyscalls } from './syscall-keys.ts';
import { buildElf, buildSymbols, bytesOf, patch, strictBase } from './test-elf.fixture.ts';

const exit = '9500000000000000';
const local = 0x02;
const object = 0x11;

function entriesOf(bytes: Uint8Array) {
  const outcome = loadElf(bytes, noSyscalls, defaultTbpfConfig);
  if (!outcome.ok) throw new Error(outcome.error.detail);
  return findEntries(bytes, outcome.executable);
}

/** A V0 file of eight `exit` slots at 64 whose tables hold these symbols. */
function fileWith(
  dynamic: Parameters<typeof buildSymbols>[0],
  fixed: Parameters<typeof buildSymbols>[0] = [],
): Uint8Array {
  const dynamicSymbols = buildSymbols(dynamic);
  const fixedSymbols = buildSymbols(fixed);
  return buildElf({
    version: 0,
    entry: 64,
    sections: [
      { name: '.text', type: 1, flags: 6, bytes: bytesOf(exit.repeat(8)) },
      { name: '.dynsym', type: 11, bytes: dynamicSymbols.table, link: 3 },
      { name: '.dynstr', type: 3, bytes: dynamicSymbols.names },
      { name: '.symtab', type: 2, bytes: fixedSymbols.table, link: 5 },
      { name: '.strtab', type: 3, bytes: fixedSymbols.names },
    ],
  });
}

test('finds the default entry, numbered entries, hooks and other functions', () => {
  const bytes = fileWith([
    { name: 'entrypoint', value: 72 },
    { name: 'entry_0', value: 80 },
    { name: 'entry_65535', value: 88 },
    { name: 'hook_0', value: 96, info: local },
    { name: 'transfer', value: 104 },
  ]);
  expect(entriesOf(bytes)).toEqual({
    default: 1,
    entries: new Map([
      [0, 2],
      [65535, 3],
    ]),
    hooks: new Map([[0, 4]]),
    functions: new Map([['transfer', 5]]),
  });
});

test('without a symbol entrypoint the default is e_entry', () => {
  expect(entriesOf(patch(fileWith([]), [24, 8, 88])).default).toBe(3);
});

test('a dynamic symbol wins over a static one of the same name', () => {
  const bytes = fileWith(
    [{ name: 'entry_1', value: 72 }],
    [
      { name: 'entry_1', value: 80 },
      { name: 'entry_2', value: 88 },
    ],
  );
  expect([...entriesOf(bytes).entries]).toEqual([
    [1, 1],
    [2, 3],
  ]);
});

test('numbers that do not fit and other spellings are plain functions', () => {
  const names = ['entry_65536', 'entry_01', 'entry_', 'entry_-1', 'hook_256', 'Entry_1', 'hook_00'];
  const { entries, hooks, functions } = entriesOf(fileWith(names.map((name) => ({ name, value: 72 }))));
  expect(entries.size + hooks.size).toBe(0);
  expect([...functions.keys()]).toEqual(names);
});

test('undefined, static, data, misaligned and foreign symbols are ignored', () => {
  const bytes = fileWith([
    { name: 'entry_1', value: 0, section: 0 },
    { name: 'helper', value: 72, info: local },
    { name: 'entry_2', value: 72, info: object },
    { name: 'entry_3', value: 73 },
    { name: 'entry_4', value: 64 + 64 },
    { name: 'entry_5', value: 56 },
    { name: 'entry_6', value: 0xffff_ffff_ffff_fff8n },
    { name: '', value: 72 },
    { name: `f${'x'.repeat(300)}`, value: 72 },
  ]);
  expect(entriesOf(bytes)).toEqual({
    default: 0,
    entries: new Map(),
    hooks: new Map(),
    functions: new Map(),
  });
});

/** The strict base with a symbol table appended. */
function strictWith(symbols: Parameters<typeof buildSymbols>[0]): Uint8Array {
  const base = strictBase();
  const { table, names } = buildSymbols(symbols);
  const namesAt = base.length + table.length;
  const headersAt = (namesAt + names.length + 7) & ~7;
  const bytes = new Uint8Array(headersAt + 3 * 64);
  bytes.set(base);
  bytes.set(table, base.length);
  bytes.set(names, namesAt);
  return patch(
    bytes,
    [40, 8, headersAt],
    [60, 2, 3],
    [headersAt + 64 + 4, 4, 2],
    [headersAt + 64 + 24, 8, base.length],
    [headersAt + 64 + 32, 8, table.length],
    [headersAt + 64 + 40, 4, 2],
    [headersAt + 128 + 4, 4, 3],
    [headersAt + 128 + 24, 8, namesAt],
    [headersAt + 128 + 32, 8, names.length],
  );
}

test('a V3 entry is a text offset on a function start marker', () => {
  const { default: entry, entries } = entriesOf(
    strictWith([
      { name: 'entry_1', value: 0 },
      { name: 'entry_2', value: 8 },
    ]),
  );
  expect(entry).toBe(0);
  expect([...entries]).toEqual([[1, 0]]);
});

test('a V3 file without sections has only its own entry', () => {
  expect(entriesOf(strictBase())).toMatchObject({ default: 0, functions: new Map() });
});

test('no damage to the tables makes the search throw', () => {
  const bytes = strictWith([{ name: 'entry_1', value: 0 }]);
  for (let at = 320; at < bytes.length; at++) {
    for (const value of [0x00, 0x01, 0x7f, 0x80, 0xff]) entriesOf(patch(bytes, [at, 1, value]));
  }
});

import { describe, expect, test } from 'vitest';
import { defaultTbpfConfig, type TbpfConfig } from '../config.ts';
import type { TbpfOutcome } from '../native-error.ts';
import type { Executable } from './executable.ts';
import { loadElf, loadProgram } from './load.ts';
import { noSyscalls, syscallKeysOf } from './syscall-keys.ts';
import { buildElf, buildSymbols, bytesOf, lenientBase, patch, strictBase } from './test-elf.fixture.ts';

function load(
  bytes: Uint8Array,
  config: Partial<TbpfConfig> = {},
  syscalls = noSyscalls,
): TbpfOutcome<{ readonly executable: Executable }> {
  return loadElf(bytes, syscalls, { ...defaultTbpfConfig, ...config });
}

/** The load result as the tables of spec §11.3 write it. */
function summaryOf(bytes: Uint8Array): string {
  const outcome = load(bytes);
  if (!outcome.ok) return outcome.error.detail;
  const { version, entryPc, text, textAddress, readOnly, functions } = outcome.executable;
  const registry = functions.entries().map(([key, { pc }]) => `0x${key.toString(16)}→${pc}`);
  const image = `V${version}, entry pc ${entryPc}, text 0x${textAddress.toString(16)} (${text.length} bytes)`;
  const constants = `read-only 0x${readOnly.address.toString(16)}+${readOnly.bytes.length}`;
  return `ok: ${image}, ${constants}${registry.length === 0 ? '' : `; registry ${registry.join(', ')}`}`;
}

const strictOk = 'ok: V3, entry pc 0, text 0x0 (24 bytes), read-only 0x100000000+8';
const badHeader = 'FailedToParse("invalid file header")';
const strict = strictBase();
const lenient = lenientBase();
const lenientOk =
  'ok: V0, entry pc 0, text 0x100000040 (16 bytes), read-only 0x100000040+16; registry 0x71e3cf81→0';

describe('strict loader, spec §11.3', () => {
  test.each([
    ['base', strict, strictOk],
    ['e_shoff is anything', patch(strict, [40, 8, 0x1234_5678_9abc_def0n]), strictOk],
    ['e_flags = 5', patch(strict, [48, 4, 5]), 'UnsupportedTBPFVersion'],
    ['e_flags = 4', patch(strict, [48, 4, 4]), strictOk.replace('V3', 'V4')],
    ['e_machine = 247', patch(strict, [18, 2, 247]), badHeader],
    ['e_phnum = 3', patch(strict, [56, 2, 3]), badHeader],
    ['e_shnum = 0', patch(strict, [60, 2, 0]), badHeader],
    ['e_entry = 4', patch(strict, [24, 8, 4]), badHeader],
    ['e_entry = 24 (text end)', patch(strict, [24, 8, 24]), badHeader],
    ['e_entry = 2^64 - 8', patch(strict, [24, 8, 0xffff_ffff_ffff_fff8n]), badHeader],
    ['e_entry = 8 (no marker)', patch(strict, [24, 8, 8]), badHeader],
    ['phdr0 p_flags = 5', patch(strict, [68, 4, 5]), 'InvalidProgramHeader'],
    ['phdr1 p_paddr = 0', patch(strict, [64 + 56 + 24, 8, 0]), 'InvalidProgramHeader'],
    [
      'phdr1 sizes past the end',
      patch(strict, [64 + 56 + 32, 8, 16], [64 + 56 + 40, 8, 16]),
      'InvalidProgramHeader',
    ],
    ['phdr2 p_filesz = 8', patch(strict, [64 + 112 + 32, 8, 8]), 'InvalidProgramHeader'],
    ['phdr3 p_memsz = 2^32', patch(strict, [64 + 168 + 40, 8, 1n << 32n]), 'InvalidProgramHeader'],
    ['phdr3 p_offset = 284', patch(strict, [64 + 168 + 8, 8, 284]), 'InvalidProgramHeader'],
    [
      'p_align arbitrary',
      patch(strict, [64 + 48, 8, 7], [120 + 48, 8, 0xffff_ffff_ffff_ffffn], [176 + 48, 8, 3]),
      strictOk,
    ],
    ['padding byte set', patch(strict, [15, 1, 1]), badHeader],
    ['cut to 288 bytes', strict.slice(0, 288), badHeader],
    ['cut to 51 bytes', strict.slice(0, 51), 'ValueOutOfBounds'],
    ['cut to 60 bytes', strict.slice(0, 60), 'ValueOutOfBounds'],
  ])('%s', (_, bytes, expected) => {
    expect(summaryOf(bytes)).toBe(expected);
  });

  test('empty rodata at the last byte range is accepted', () => {
    const bytes = patch(strict, [120 + 32, 8, 0], [120 + 40, 8, 0]);
    expect(summaryOf(bytes)).toBe(strictOk.replace('+8', '+0'));
  });
});

/** The lenient base with its section header table moved to 108. */
function withTableAt108(): Uint8Array {
  const bytes = new Uint8Array(300);
  bytes.set(lenient);
  bytes.copyWithin(108, 104, 296);
  bytes.fill(0, 97, 108);
  return patch(bytes, [40, 8, 108]);
}

describe('lenient loader, spec §11.3', () => {
  test.each([
    ['base', lenient, lenientOk],
    ['e_machine = 263', patch(lenient, [18, 2, 263]), lenientOk],
    ['e_machine = 62', patch(lenient, [18, 2, 62]), 'WrongMachine'],
    ['e_type = 2', patch(lenient, [16, 2, 2]), 'WrongType'],
    ['EI_OSABI = 3', patch(lenient, [7, 1, 3]), 'WrongAbi'],
    ['EI_CLASS = 1', patch(lenient, [4, 1, 1]), badHeader],
    ['EI_ABIVERSION = 9, padding', patch(lenient, [8, 1, 9], [9, 1, 1]), lenientOk],
    ['e_entry = text end', patch(lenient, [24, 8, 80]), 'EntrypointOutOfBounds'],
    ['e_entry = text + 4', patch(lenient, [24, 8, 68]), 'InvalidEntrypoint'],
    [
      'e_entry = text + 8',
      patch(lenient, [24, 8, 72]),
      lenientOk.replace('entry pc 0', 'entry pc 1').replace('→0', '→1'),
    ],
    ['e_shstrndx = 0', patch(lenient, [62, 2, 0]), 'FailedToParse("no section name string table found")'],
    ['e_shstrndx = e_shnum', patch(lenient, [62, 2, 3]), badHeader],
    ['e_phoff = 8, e_phnum = 0', patch(lenient, [32, 8, 8]), 'FailedToParse("values overlap")'],
    ['e_phoff = 3, e_phnum = 0', patch(lenient, [32, 8, 3]), 'FailedToParse("values overlap")'],
    ['section 0 type 1', patch(lenient, [108, 4, 1]), 'FailedToParse("invalid section header")'],
    ['.text sh_offset = 60', patch(lenient, [192, 8, 60]), 'FailedToParse("values overlap")'],
    ['.shstrtab type 1', patch(lenient, [236, 4, 1]), 'FailedToParse("invalid section header")'],
    [
      '.text sh_addr = 2^32 - 8',
      patch(lenient, [184, 8, 0xffff_fff8], [24, 8, 0xffff_fff8]),
      'ok: V0, entry pc 0, text 0x1fffffff8 (16 bytes), read-only 0x1fffffff8+16; registry 0x71e3cf81→0',
    ],
    [
      '.text sh_addr = 2^32 + 8',
      patch(lenient, [184, 8, 0x1_0000_0008], [24, 8, 0x1_0000_0008]),
      'ValueOutOfBounds',
    ],
    [
      '.text sh_addr = 0',
      patch(lenient, [184, 8, 0], [24, 8, 0]),
      'ok: V0, entry pc 0, text 0x100000000 (16 bytes), read-only 0x100000000+16; registry 0x71e3cf81→0',
    ],
    ['e_shoff = 108', withTableAt108(), 'FailedToParse("invalid alignment")'],
    ['text = call -2', patch(lenient, [64, 8, 0xfffffffe_00000085n]), 'RelativeJumpOutOfBounds(0)'],
    ['text = call -1', patch(lenient, [64, 8, 0xffffffff_00000085n]), lenientOk],
    [
      'text = call +0',
      patch(lenient, [64, 8, 0x85]),
      lenientOk.replace('registry', 'registry 0x53075d44→1,'),
    ],
    ['text = call +1', patch(lenient, [64, 8, 0x1_00000085n]), 'RelativeJumpOutOfBounds(0)'],
    [
      '.shstrtab cut',
      patch(lenient, [264, 8, 16]),
      'FailedToParse("Section or symbol name `.shstrtab` is longer than `16` bytes")',
    ],
  ])('%s', (_, bytes, expected) => {
    expect(summaryOf(bytes)).toBe(expected);
  });

  test('an empty text without file bytes loads and has no instructions', () => {
    const outcome = load(patch(lenient, [172, 4, 8]));
    expect(outcome.ok && outcome.executable.text.length).toBe(0);
  });

  test('versions outside the enabled range are refused before anything else', () => {
    const outcome = load(patch(lenient, [0, 4, 0]), { enabledVersions: [3, 4] });
    expect(!outcome.ok && outcome.error.detail).toBe('UnsupportedTBPFVersion');
  });

  test('a function key that is a syscall collides', () => {
    const syscalls = syscallKeysOf(['entrypoint']);
    const outcome = load(lenient, {}, syscalls);
    expect(!outcome.ok && outcome.error.detail).toBe('SymbolHashCollision(1910755201)');
  });

  test('a huge zero-padded region is refused before it is allocated', () => {
    const bytes = patch(lenient, [184, 8, 0xffff_fff8], [24, 8, 0xffff_fff8]);
    const outcome = load(bytes, { optimizeRodata: false });
    expect(!outcome.ok && outcome.error.detail).toBe('ValueOutOfBounds');
  });

  test('the input is not written to', () => {
    const bytes = patch(lenient, [64, 8, 0x85]);
    const before = bytes.slice();
    load(bytes);
    expect(bytes).toEqual(before);
    const buffer = Buffer.from(bytes);
    expect(load(buffer)).toEqual(load(bytes));
    expect(Uint8Array.from(buffer)).toEqual(before);
  });
});

// Text at 64 (12 slots), then .data.rel.ro (4 words), then the dynamic parts.
const textSize = 12 * 8;
const dataStart = 64 + textSize;

interface Relocation {
  readonly offset: number;
  readonly type: number;
  readonly symbol?: number;
}

/** A V0 file with one dynamic relocation and symbols: 1 = object at 0x1d8, 2 = function at slot 10, 3 = `log`. */
function relocatable(text: string, data: string, relocations: readonly Relocation[]): Uint8Array {
  const textBytes = new Uint8Array(textSize);
  for (let at = 0; at < textSize; at += 8) textBytes[at] = 0x95;
  textBytes.set(bytesOf(text));
  const dataBytes = new Uint8Array(32);
  dataBytes.set(bytesOf(data));
  const symbols = buildSymbols([
    { name: 'table', value: 0x1d8, info: 0x11 },
    { name: 'helper', value: 64 + 80, info: 0x12 },
    { name: 'log', value: 0, info: 0x10, section: 0 },
  ]);
  const symbolStart = dataStart + 32;
  const relocationStart = symbolStart + symbols.table.length;
  const table = new Uint8Array(16 * relocations.length);
  for (const [index, relocation] of relocations.entries()) {
    const fields = patch(
      new Uint8Array(16),
      [0, 8, relocation.offset],
      [8, 4, relocation.type],
      [12, 4, relocation.symbol ?? 0],
    );
    table.set(fields, 16 * index);
  }
  const dynamic = patch(
    new Uint8Array(80),
    [0, 8, 6],
    [8, 8, symbolStart],
    [16, 8, 17],
    [24, 8, relocationStart],
    [32, 8, 18],
    [40, 8, table.length],
    [48, 8, 19],
    [56, 8, 16],
  );
  return buildElf({
    version: 0,
    entry: 64,
    sections: [
      { name: '.text', type: 1, flags: 6, bytes: textBytes },
      { name: '.data.rel.ro', type: 1, bytes: dataBytes },
      { name: '.dynsym', type: 11, bytes: symbols.table, link: 5 },
      { name: '.rel.dyn', type: 9, bytes: table },
      { name: '.dynstr', type: 3, bytes: symbols.names },
      { name: '.dynamic', type: 6, bytes: dynamic },
    ],
  });
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe('relocation arithmetic, spec §11.3', () => {
  const lddw = (low: string, high: string) => `18000000${low} 00000000${high}`;
  test.each<[string, string, string, Relocation, string, string]>([
    [
      'type 8 in text',
      lddw('10000000', '00000000'),
      '',
      { offset: 64, type: 8 },
      lddw('10000000', '01000000'),
      '',
    ],
    [
      'type 8 in text, placed',
      lddw('20000000', '01000000'),
      '',
      { offset: 64, type: 8 },
      lddw('20000000', '01000000'),
      '',
    ],
    ['type 8 in data', '', '0000000040010000', { offset: dataStart, type: 8 }, '', '4001000001000000'],
    ['type 8 in data, zero', '', '0000000000000000', { offset: dataStart, type: 8 }, '', '0000000001000000'],
    [
      'type 1',
      lddw('10000000', '00000000'),
      '',
      { offset: 64, type: 1, symbol: 1 },
      lddw('e8010000', '01000000'),
      '',
    ],
    [
      'pass 1',
      '95000000000000009500000000000000950000000000000095000000000000009500000000000000 8500000002000000',
      '',
      { offset: dataStart, type: 8 },
      '95000000000000009500000000000000950000000000000095000000000000009500000000000000 850000003f49dbf6',
      '',
    ],
    [
      'type 10, function',
      '85000000ffffffff',
      '',
      { offset: 64, type: 10, symbol: 2 },
      '850000003c2db7ee',
      '',
    ],
    ['type 10, syscall', '85000000ffffffff', '', { offset: 64, type: 10, symbol: 3 }, '85000000fec3f56b', ''],
  ])('%s', (_, text, data, relocation, expectedText, expectedData) => {
    const outcome = load(relocatable(text, data, [relocation]));
    if (!outcome.ok) throw new Error(outcome.error.detail);
    const { readOnly, text: loaded } = outcome.executable;
    expect(readOnly.address).toBe(0x1_0000_0040n);
    expect(hexOf(loaded)).toContain(expectedText.replaceAll(' ', ''));
    expect(hexOf(readOnly.bytes.subarray(textSize))).toContain(expectedData);
  });

  test.each<[string, Relocation, Partial<TbpfConfig>, string]>([
    ['type 8 in text, zero', { offset: 64, type: 8 }, {}, 'InvalidVirtualAddress(0)'],
    ['type 0', { offset: 64, type: 0 }, {}, 'UnknownRelocation(0)'],
    ['type 1, no such symbol', { offset: 64, type: 1, symbol: 9 }, {}, 'UnknownSymbol(9)'],
    ['type 10 outside the file', { offset: 1 << 20, type: 10, symbol: 3 }, {}, 'ValueOutOfBounds'],
    [
      'type 10, unresolved',
      { offset: 1 << 20, type: 10, symbol: 3 },
      { rejectBrokenElfs: true },
      'UnresolvedSymbol("log", 131072, 1048576)',
    ],
  ])('%s fails', (_, relocation, config, expected) => {
    const outcome = load(relocatable('1800000000000000', '', [relocation]), config);
    expect(!outcome.ok && outcome.error.detail).toBe(expected);
  });
});

describe('raw text, spec §8.4.10', () => {
  const exit = bytesOf('9500000000000000');
  test.each([
    [0, 0x1_0000_0000n, 0x71e3cf81],
    [3, 0n, 0],
  ] as const)('V%i', (version, textAddress, key) => {
    const outcome = loadProgram({ kind: 'text', bytes: exit, version }, noSyscalls, defaultTbpfConfig);
    if (!outcome.ok) throw new Error(outcome.error.detail);
    expect(outcome.executable).toMatchObject({ version, entryPc: 0, textAddress });
    expect(outcome.executable.readOnly).toEqual({ address: 0x1_0000_0000n, bytes: exit });
    expect(outcome.executable.functions.entries()).toEqual([[key, { pc: 0, name: 'entrypoint' }]]);
  });

  test('a function named entrypoint sets the entry', () => {
    const source = { kind: 'text', bytes: exit, version: 0, functions: [[7, 5, 'entrypoint']] } as const;
    const outcome = loadProgram(source, noSyscalls, defaultTbpfConfig);
    expect(outcome.ok && outcome.executable.entryPc).toBe(5);
  });

  test('one key for two slots collides', () => {
    const source = {
      kind: 'text',
      bytes: exit,
      version: 0,
      functions: [
        [7, 5],
        [7, 6],
      ],
    } as const;
    const outcome = loadProgram(source, noSyscalls, defaultTbpfConfig);
    expect(!outcome.ok && outcome.error.detail).toBe('SymbolHashCollision(7)');
  });
});

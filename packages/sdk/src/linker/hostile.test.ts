import { VmError } from '@switchyard/core';
import { expect, test } from 'vitest';
import { contractObject } from '../contract-files.fixture.ts';
import { buildArchive, member, rawArchive } from './archive-builder.fixture.ts';
import { readElf } from './elf-reader.fixture.ts';
import { link } from './link.ts';
import {
  buildObject,
  CALL,
  CODE,
  EXIT,
  RETURN_0,
  slots,
  type TestSection,
  type TestSymbol,
  UNDEFINED,
} from './object-builder.fixture.ts';

const text: TestSection = { name: '.text', flags: CODE, bytes: RETURN_0 };
const entry: TestSymbol = { name: 'entrypoint', size: 16 };
const good = () => buildObject([text], [entry]);

/** Code, message and hint of what linking this file throws, alone or behind a good object. */
function refusal(bytes: Uint8Array, name = 'odd.o', ...others: Uint8Array[]): string {
  const inputs = [...others.map((one) => ({ name: 'good.o', bytes: one })), { name, bytes }];
  try {
    link(inputs, { gcSections: false });
  } catch (error) {
    if (error instanceof VmError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'linked';
}

/** A good object with a field of a section's header changed; section 2 is .symtab, 3 .strtab, 4 .shstrtab. */
function withHeader(section: number, field: number, value: bigint, width: 4 | 8 = 8): Uint8Array {
  const bytes = good();
  const view = new DataView(bytes.buffer);
  const at = Number(view.getBigUint64(40, true)) + section * 64 + field;
  if (width === 8) view.setBigUint64(at, value, true);
  else view.setUint32(at, Number(value), true);
  return bytes;
}

const withByte = (at: number, ...values: number[]) => {
  const bytes = good();
  bytes.set(values, at);
  return bytes;
};
const symtabLinkField = 40;
const typeField = 4;
const offsetField = 24;
const sizeField = 32;

/** An object with a section group; symbols: 1 entrypoint, 2 the signature. */
const withGroup = (words: readonly number[], info = 2, extra: readonly TestSection[] = []) => {
  const bytes = words.flatMap((word) => [word & 255, word >> 8, 0, 0]);
  const group: TestSection = { name: '.group', type: 17, flags: 0, bytes, link: 3 + extra.length, info };
  return buildObject([text, group, ...extra], [entry, { name: 'signature', binding: 0, type: 0 }]);
};
const archive = (...members: Uint8Array[]) => refusal(rawArchive(...members), 'odd.a', good());
const ascii = (value: string) => new TextEncoder().encode(value);

const cases: Record<string, () => string> = {
  'four bytes of magic': () => refusal(good().subarray(0, 4)),
  'half a header': () => refusal(good().subarray(0, 40)),
  'an x86 object': () => refusal(withByte(18, 62, 0)),
  'a big-endian object': () => refusal(withByte(5, 2)),
  'section headers behind the end': () => refusal(withByte(40, 0, 0, 0x10)),
  'section headers behind 4 GiB': () => refusal(withByte(44, 1)),
  'more sections than the file has': () => refusal(withByte(60, 0xff, 0xfe)),
  'names in a section that is not there': () => refusal(withByte(62, 9)),
  'names in the symbol table': () => refusal(withByte(62, 2)),
  'section headers of 40 bytes': () => refusal(withByte(58, 40)),
  'a section of 2^40 bytes': () => refusal(withHeader(1, sizeField, 1n << 40n)),
  'a section that ends behind the file': () => refusal(withHeader(1, sizeField, 100_000n)),
  'a section at the end of the numbers': () => refusal(withHeader(1, offsetField, 0xffff_ffff_ffff_ffffn)),
  'two sections on the same bytes': () => refusal(withHeader(1, sizeField, 24n)),
  'a name behind its string table': () => refusal(withHeader(1, 0, 5000n, 4)),
  'a symbol table that holds its own names': () => refusal(withHeader(2, symtabLinkField, 2n, 4)),
  'a symbol table without strings': () => refusal(withHeader(2, symtabLinkField, 77n, 4)),
  'half a symbol': () => refusal(withHeader(2, sizeField, 36n)),
  'two symbol tables': () => refusal(withHeader(3, typeField, 2n, 4)),
  'a symbol in a missing section': () => refusal(buildObject([text], [entry, { name: 'f', section: 99 }])),
  'a symbol with an extended section number': () =>
    refusal(buildObject([text], [entry, { name: 'f', section: 0xffff }])),
  'relocations of a missing section': () => {
    const table = { name: '.rel.none', type: 9, flags: 0, bytes: [], link: 2, info: 50 };
    return refusal(buildObject([text, table], [entry]));
  },
  'relocations with explicit addends': () => {
    const table = {
      name: '.rela.text',
      type: 4,
      flags: 0,
      bytes: new Array<number>(24).fill(0),
      link: 3,
      info: 1,
    };
    return refusal(buildObject([text, table], [entry]));
  },
  'two relocation tables of one section': () => {
    const table = { name: '.rel.more', type: 9, flags: 0, bytes: [], link: 4, info: 1 };
    const calling = { ...text, bytes: slots(CALL, EXIT), relocations: [[0, 10, 1]] as const };
    return refusal(buildObject([calling, table], [entry]));
  },
  'relocations that refer to no symbol table': () => {
    const table = { name: '.rel.text', type: 9, flags: 0, bytes: [], link: 1, info: 1 };
    return refusal(buildObject([text, table], [entry]));
  },
  'a group of three bytes': () => {
    const group = { name: '.group', type: 17, flags: 0, bytes: [1, 0, 0], link: 3, info: 1 };
    return refusal(buildObject([text, group], [entry]));
  },
  'a group with a section that is not there': () => refusal(withGroup([1, 60])),
  'a group without a name': () => refusal(withGroup([1, 1], 9)),
  'a section in two groups': () => {
    const second = { name: '.group', type: 17, flags: 0, bytes: [1, 0, 0, 0, 1, 0, 0, 0], link: 4, info: 2 };
    return refusal(withGroup([1, 1], 2, [second]));
  },
  'a frame of 5,000 bytes': () => {
    const sizes = { name: '.stack_sizes', flags: 0, bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x27], link: 1 };
    const code = { ...text, bytes: slots([0x7b, 0x0a, -8], EXIT) };
    return refusal(buildObject([code, sizes], [entry]));
  },
  'a function without code': () => {
    const empty = { name: '.text.f', flags: CODE, bytes: [] };
    return refusal(buildObject([text, empty], [entry, { name: 'f', section: 2 }]));
  },
  'a name that is declared to be inside': () => {
    const calling = { ...text, bytes: slots(CALL, EXIT), relocations: [[0, 10, 2]] as const };
    return refusal(buildObject([calling], [entry, { name: 'f', section: UNDEFINED, visibility: 2 }]));
  },
  'code of a newer machine: signed division': () =>
    refusal(buildObject([{ ...text, bytes: slots([0x3f, 0x21, 1], EXIT) }], [entry])),
  'code of a newer machine: 32-bit addition': () =>
    refusal(buildObject([{ ...text, bytes: slots([0x0c, 0x21], EXIT) }], [entry])),
  'code of a newer machine: byte swap': () =>
    refusal(buildObject([{ ...text, bytes: slots([0xd7, 1, 0, 16], EXIT) }], [entry])),
  'a load with something else as its second half': () =>
    refusal(buildObject([{ ...text, bytes: slots([0x18], [0x07, 10], EXIT) }], [entry])),
  'register 12': () => refusal(buildObject([{ ...text, bytes: slots([0xbf, 0xc1], EXIT) }], [entry])),
  'callx through r10': () =>
    refusal(buildObject([{ ...text, bytes: slots([0x8d, 0, 0, 10], EXIT) }], [entry])),
  'an archive that ends inside a header': () => archive(ascii('main.o/   ')),
  'a member that is larger than its archive': () => archive(member('a.o/', good(), 4_000_000_000)),
  'a member whose size is no number': () => archive(member('a.o/', good(), '12x')),
  'a member of negative size': () => archive(member('a.o/', good(), '-60')),
  'a member that is shorter than it says it is': () =>
    archive(member('a.o/', good(), 64), member('b.o/', good())),
  'a header without its end': () => archive(member('a.o/', good()).fill(0x20, 58, 60)),
  'a long name outside its table': () => archive(member('//', ascii('one.o/\n')), member('/99', good())),
  'a long name without a table': () => archive(member('/0', good())),
  'a long name without an end': () => archive(member('//', ascii('one.o/')), member('/0', good())),
  'a BSD name that is longer than its member': () => archive(member('#1/4000', ascii('short'))),
  'an archive in an archive': () => archive(member('in.a/', buildArchive([]))),
  'a text in an archive': () => archive(member('readme/', ascii('Hello, reader of archives!'))),
  'a thin archive': () => refusal(ascii('!<thin>\n'), 'odd.a', good()),
  'a damaged member': () => archive(member('a.o/', good().subarray(0, 200))),
  '1,025 objects': () => refusal(good(), 'odd.o', ...Array.from({ length: 1024 }, () => buildObject([], []))),
};

test('odd and hostile files are refused with the file, the section and the entry', () => {
  const lines = Object.entries(cases).map(([name, run]) => `${name}\n  ${run()}`);
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    four bytes of magic
      LINK_FAILED: odd.o: the file has 4 bytes, less than an ELF header (64) (at ELF header)
    half a header
      LINK_FAILED: odd.o: the file has 40 bytes, less than an ELF header (64) (at ELF header)
    an x86 object
      LINK_FAILED: odd.o: the object is for machine 62, not for BPF (247) (at ELF header)
    a big-endian object
      LINK_FAILED: odd.o: the object is big-endian; contracts are little-endian (-target bpf or bpfel) (at ELF header)
    section headers behind the end
      LINK_FAILED: odd.o: the file ends at byte 504, but bytes 1048836 to 1048840 are needed (at section 4)
    section headers behind 4 GiB
      LINK_FAILED: odd.o: a 64-bit field is above 4 GiB (at ELF header)
    more sections than the file has
      LINK_FAILED: odd.o: the file ends at byte 504, but bytes 504 to 508 are needed (at section 5)
    names in a section that is not there
      LINK_FAILED: odd.o: there are 5 sections; number 9 cannot hold their names (at ELF header)
    names in the symbol table
      LINK_FAILED: odd.o: section 2, which should hold the names, is not a string table (at ELF header)
    section headers of 40 bytes
      LINK_FAILED: odd.o: section headers have 40 bytes, not 64 (at ELF header)
    a section of 2^40 bytes
      LINK_FAILED: odd.o: a 64-bit field is above 4 GiB (at section 1)
    a section that ends behind the file
      LINK_FAILED: odd.o: the file ends at byte 504, but bytes 64 to 100064 are needed (at section 1)
    a section at the end of the numbers
      LINK_FAILED: odd.o: a 64-bit field is above 4 GiB (at section 1)
    two sections on the same bytes
      LINK_FAILED: odd.o: section 2 (.symtab) overlaps section 1 (.text) (at byte 80)
    a name behind its string table
      LINK_FAILED: odd.o: a name is not a string of at most 255 bytes in its string table (at section 1)
    a symbol table that holds its own names
      LINK_FAILED: odd.o: section 2 is not a string table (at .symtab)
    a symbol table without strings
      LINK_FAILED: odd.o: section 77 is not a string table (at .symtab)
    half a symbol
      LINK_FAILED: odd.o: the symbol table has 36 bytes: not whole symbols, or more than 65536 (at .symtab)
    two symbol tables
      LINK_FAILED: odd.o: there is more than one symbol table (at section 3)
    a symbol in a missing section
      LINK_FAILED: odd.o: the symbol is in section 99; there are 5 (at symbol 2 (f))
    a symbol with an extended section number
      LINK_FAILED: odd.o: the object has more sections than the linker reads (SHN_XINDEX) (at symbol 2 (f))
    relocations of a missing section
      LINK_FAILED: odd.o: the table relocates section 50, of 6 (at .rel.none, section 2)
    relocations with explicit addends
      LINK_FAILED: odd.o: relocations with explicit addends (RELA) are not supported (at .rela.text)
    two relocation tables of one section
      LINK_FAILED: odd.o: .text has more than one relocation table (at .rel.more)
    relocations that refer to no symbol table
      LINK_FAILED: odd.o: the relocations refer to section 1, which is not the symbol table (at .rel.text)
    a group of three bytes
      LINK_FAILED: odd.o: a section group of 3 bytes is not whole words (at .group, section 2)
    a group with a section that is not there
      LINK_FAILED: odd.o: entry 0 of the group is section 60, of 6 (at .group, section 2)
    a group without a name
      LINK_FAILED: odd.o: the group is named by symbol 9 of section 3, which is not there (at .group, section 2)
    a section in two groups
      LINK_FAILED: odd.o: section 1 is in two groups (at .group, section 3)
    a frame of 5,000 bytes
      LINK_FAILED: odd.o: a function uses 5000 bytes of stack; a frame has 4096 (at .text)
    a function without code
      LINK_FAILED: odd.o: function f has no code; the compiler found that it cannot run (at symbol f)
    a name that is declared to be inside
      LINK_FAILED: odd.o: f is not defined, and declared to be inside the contract (at .text+0x0)
    code of a newer machine: signed division
      LINK_FAILED: odd.o: signed division and moves that extend the sign are not TBPF instructions (opcode 0x3f) (at .text+0x0)
    code of a newer machine: 32-bit addition
      LINK_FAILED: odd.o: 32-bit add, sub and mul extend the sign in V0; the compiler expects zeros (opcode 0x0c) (at .text+0x0)
    code of a newer machine: byte swap
      LINK_FAILED: odd.o: this is not a TBPF instruction (opcode 0xd7) (at .text+0x0)
    a load with something else as its second half
      LINK_FAILED: odd.o: a 64-bit load has no second half (at .text+0x0)
    register 12
      LINK_FAILED: odd.o: a register above r10 is named (opcode 0xbf) (at .text+0x0)
    callx through r10
      LINK_FAILED: odd.o: callx goes through one of the registers r0 to r9 (opcode 0x8d) (at .text+0x0)
    an archive that ends inside a header
      LINK_FAILED: odd.a: the archive ends inside a header (at member 0 at byte 8)
    a member that is larger than its archive
      LINK_FAILED: odd.a: the member has 4000000000 bytes by its header; the archive has 504 more (at member 0 at byte 8)
    a member whose size is no number
      LINK_FAILED: odd.a: the size "12x       " is not a number (at member 0 at byte 8)
    a member of negative size
      LINK_FAILED: odd.a: the size "-60       " is not a number (at member 0 at byte 8)
    a member that is shorter than it says it is
      LINK_FAILED: odd.a: the header does not end as that of a member does (at member 1 at byte 132)
    a header without its end
      LINK_FAILED: odd.a: the header does not end as that of a member does (at member 0 at byte 8)
    a long name outside its table
      LINK_FAILED: odd.a: the name "/99" is not in the table of long names (at member 1 at byte 76)
    a long name without a table
      LINK_FAILED: odd.a: the name "/0" is not in the table of long names (at member 0 at byte 8)
    a long name without an end
      LINK_FAILED: odd.a: the name "/0" is not in the table of long names (at member 1 at byte 74)
    a BSD name that is longer than its member
      LINK_FAILED: odd.a: the name "#1/4000" is longer than the member (at member 0 at byte 8)
    an archive in an archive
      LINK_FAILED: odd.a(in.a): this is not an ELF object (at ELF header)
    a text in an archive
      LINK_FAILED: odd.a(readme): this is not an ELF object (at ELF header)
    a thin archive
      LINK_FAILED: odd.a: the archive is thin: it names its members and does not hold them (at archive header)
    a damaged member
      LINK_FAILED: odd.a(a.o): the file ends at byte 200, but bytes 444 to 448 are needed (at section 4)
    1,025 objects
      LINK_FAILED: there are more than 1024 objects to link
    "
  `);
});

test('an archive whose index lies links all the same: the members are what counts', () => {
  const caller = buildObject(
    [{ ...text, bytes: slots(CALL, EXIT), relocations: [[0, 10, 2]] }],
    [entry, { name: 'f', section: UNDEFINED }],
  );
  const callee = buildObject([text], [{ name: 'f', size: 16 }]);
  // An index of 2^32 - 1 symbols, and one that names a member at an offset behind the end.
  for (const index of [
    [0xff, 0xff, 0xff, 0xff],
    [0, 0, 0, 1, 0x7f, 0, 0, 0, 0x66, 0],
  ]) {
    const lying = rawArchive(member('/', Uint8Array.from(index)), member('f.o/', callee));
    const file = link([
      { name: 'main.o', bytes: caller },
      { name: 'lying.a', bytes: lying },
    ]);
    expect(readElf(file).symbols.map(({ name }) => name)).toContain('f');
  }
});

test.each([0, 3] as const)('10,000 functions in 10,000 sections link as V%i', (version) => {
  const count = 10_000;
  const sections = Array.from({ length: count }, (_, index) => ({
    name: `.text.f${index}`,
    flags: CODE,
    bytes: slots(CALL, EXIT),
    relocations: [[0, 10, ((index + 1) % count) + 1]] as const,
  }));
  const symbols = sections.map((_, index) => ({
    name: index === 0 ? 'entrypoint' : `f${index}`,
    section: index + 1,
    size: 16,
    visibility: index === 0 ? 0 : 2,
  }));
  const file = link([{ name: 'many.o', bytes: buildObject(sections, symbols) }], { version });
  // Each function of two slots, in V3 with a marker; before them the headers, in V3 three slots of the linker's own.
  const [start, size] = version === 0 ? [232, 2] : [288 + 24, 3];
  expect(readElfText(file)).toEqual({
    offset: version === 0 ? start : start - 24,
    size: count * size * 8 + (version === 0 ? 0 : 24),
  });
});

/** Place of the first segment, which is the code in both versions. */
function readElfText(file: Uint8Array): { offset: number; size: number } {
  const view = new DataView(file.buffer);
  return { offset: view.getUint32(64 + 8, true), size: view.getUint32(64 + 32, true) };
}

test('an object that wants its own name from an archive of itself ends', () => {
  const bytes = contractObject('counter').bytes;
  expect(() =>
    link([
      { name: 'counter.o', bytes },
      { name: 'self.a', bytes: buildArchive([{ name: 'counter.o', bytes }]) },
    ]),
  ).not.toThrow();
});

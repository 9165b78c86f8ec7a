/*
 * Checks every field of a linked TBPF file of which the loader's specification speaks, and the rules of ELF that other tools rely on.
 * Written from the specification alone: it shares no constant and no code with the linker that writes these files, nor with the loader.
 */

interface Header {
  readonly name: string;
  readonly nameOffset: number;
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly offset: bigint;
  readonly size: bigint;
  readonly link: number;
  readonly info: number;
  readonly alignment: bigint;
  readonly entrySize: bigint;
}

interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly virtualAddress: bigint;
  readonly physicalAddress: bigint;
  readonly fileSize: bigint;
  readonly memorySize: bigint;
  readonly alignment: bigint;
}

interface SymbolRow {
  readonly name: string;
  readonly info: number;
  readonly other: number;
  readonly section: number;
  readonly value: bigint;
  readonly size: bigint;
}

const slotOf4GiB = 0x1_0000_0000n;

/** What is wrong with a file, a sentence a line; empty when nothing is. */
export function structureProblems(file: Uint8Array): string[] {
  const problems: string[] = [];
  const expect = (isRight: boolean, problem: string) => {
    if (!isRight) problems.push(problem);
  };
  if (file.length < 64) return [`the file has ${file.length} bytes`];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const u16 = (at: number) => view.getUint16(at, true);
  const u32 = (at: number) => view.getUint32(at, true);
  const u64 = (at: number) => view.getBigUint64(at, true);
  const length = BigInt(file.length);
  const version = u32(48);

  const ident = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  ident.forEach((byte, at) => {
    expect(file[at] === byte, `ident byte ${at} is ${file[at]}, not ${byte}`);
  });
  const words: [string, number, number][] = [
    ['e_type', u16(16), 3],
    ['e_machine', u16(18), 263],
    ['e_version', u32(20), 1],
    ['e_ehsize', u16(52), 64],
    ['e_phentsize', u16(54), 56],
    ['e_shentsize', u16(58), 64],
    ['e_phoff', Number(u64(32)), 64],
  ];
  for (const [name, found, wanted] of words) expect(found === wanted, `${name} is ${found}, not ${wanted}`);
  expect(version === 0 || version === 3, `e_flags is ${version}`);
  const segmentCount = u16(56);
  const sectionCount = u16(60);
  const namesIndex = u16(62);
  const programEnd = 64n + 56n * BigInt(segmentCount);
  const sectionTable = u64(40);
  const sectionTableEnd = sectionTable + 64n * BigInt(sectionCount);
  expect(programEnd < length, 'the program headers reach the end of the file');
  expect(sectionTable % 8n === 0n, 'e_shoff is not 8-aligned');
  expect(sectionTable >= programEnd, 'the section headers overlap what is before them');
  expect(sectionTableEnd === length, 'the section headers are not the last of the file');
  expect(namesIndex > 0 && namesIndex < sectionCount, `e_shstrndx is ${namesIndex}`);
  if (problems.length > 0) return problems;

  const text = (at: number, end: number): string | undefined => {
    const nul = file.indexOf(0, at);
    return nul === -1 || nul >= end ? undefined : new TextDecoder().decode(file.subarray(at, nul));
  };
  const namesAt = Number(sectionTable) + namesIndex * 64;
  const names = { start: Number(u64(namesAt + 24)), end: Number(u64(namesAt + 24) + u64(namesAt + 32)) };
  const sections = Array.from({ length: sectionCount }, (_, index): Header => {
    const at = Number(sectionTable) + index * 64;
    return {
      name: text(names.start + u32(at), names.end) ?? '(no name)',
      nameOffset: u32(at),
      type: u32(at + 4),
      flags: u64(at + 8),
      address: u64(at + 16),
      offset: u64(at + 24),
      size: u64(at + 32),
      link: u32(at + 40),
      info: u32(at + 44),
      alignment: u64(at + 48),
      entrySize: u64(at + 56),
    };
  });
  const segments = Array.from({ length: segmentCount }, (_, index): Segment => {
    const at = 64 + index * 56;
    return {
      type: u32(at),
      flags: u32(at + 4),
      offset: u64(at + 8),
      virtualAddress: u64(at + 16),
      physicalAddress: u64(at + 24),
      fileSize: u64(at + 32),
      memorySize: u64(at + 40),
      alignment: u64(at + 48),
    };
  });
  const byName = (name: string) => sections.find((one) => one.name === name);
  const codeSection = byName('.text');

  // Sections: §8.4.1 steps 5, 7, 9, and what the reference wants of names.
  const first = sections[0]!;
  const isNull = [first.type, first.nameOffset, first.link, first.info].every((word) => word === 0);
  expect(isNull && first.size === 0n && first.flags === 0n, 'the first section is not null');
  let end = programEnd;
  for (const [index, one] of sections.entries()) {
    if (index === 0) continue;
    const label = `section ${index} (${one.name})`;
    expect(one.name.length > 0 && one.name.length <= 15, `${label}: the name has ${one.name.length} bytes`);
    expect(sections.findIndex(({ name }) => name === one.name) === index, `${label}: the name comes twice`);
    expect(one.offset >= end, `${label}: starts before the end of the one before it`);
    expect(one.offset + one.size <= sectionTable, `${label}: reaches into the section headers`);
    const { alignment } = one;
    const isPower = alignment > 0n && (alignment & (alignment - 1n)) === 0n;
    expect(isPower && one.offset % alignment === 0n, `${label}: the offset is not ${alignment}-aligned`);
    expect(isPower && one.address % alignment === 0n, `${label}: the address is not ${alignment}-aligned`);
    expect((one.flags & 1n) === 0n, `${label}: is writable`);
    const isMapped = (one.flags & 2n) !== 0n;
    expect(isMapped || one.address === 0n, `${label}: has an address, but is not in memory`);
    expect(one.type !== 8, `${label}: has no bytes`);
    const isTable = [2, 6, 9, 11].includes(one.type);
    const entry = one.type === 2 || one.type === 11 ? 24n : isTable ? 16n : 0n;
    expect(one.entrySize === entry, `${label}: sh_entsize is ${one.entrySize}, not ${entry}`);
    expect(!isTable || one.size % entry === 0n, `${label}: is not whole entries`);
    expect(!isTable || one.offset % 8n === 0n, `${label}: is not 8-aligned`);
    expect(one.link < sectionCount, `${label}: sh_link is ${one.link}`);
    const wantsStrings = one.type === 2 || one.type === 6 || one.type === 11;
    expect(!wantsStrings || sections[one.link]?.type === 3, `${label}: sh_link is no string table`);
    expect(one.type !== 9 || sections[one.link]?.type === 11, `${label}: sh_link is no symbol table`);
    expect(one.type !== 3 || file[Number(one.offset)] === 0, `${label}: does not begin with a NUL`);
    expect(
      one.type !== 3 || file[Number(one.offset + one.size) - 1] === 0,
      `${label}: does not end with a NUL`,
    );
    end = one.offset + one.size;
  }
  const codes = sections.filter(({ name }) => name === '.text');
  expect(codes.length === 1, `there are ${codes.length} sections .text`);
  if (codeSection === undefined) return problems;
  expect(codeSection.type === 1 && codeSection.flags === 6n, '.text is not executable code');
  expect(codeSection.size > 0n && codeSection.size % 8n === 0n, '.text is not whole instructions');
  for (const name of ['.rodata', '.data.rel.ro']) {
    const data = byName(name);
    expect(data === undefined || (data.type === 1 && data.flags === 2n), `${name} is not constant data`);
    expect(data === undefined || data.size > 0n, `${name} is empty`);
  }

  for (const [index, one] of segments.entries()) {
    expect(one.virtualAddress === one.physicalAddress, `segment ${index}: p_paddr differs from p_vaddr`);
    expect(one.offset + one.fileSize <= length, `segment ${index}: reaches behind the file`);
    expect(one.alignment === 8n, `segment ${index}: p_align is ${one.alignment}`);
  }

  const context = { file, view, sections, segments, codeSection, expect, text, byName };
  if (version === 0) checkLenient(context, u64(24));
  else checkStrict(context, u64(24), programEnd);
  for (const table of sections) {
    if (table.type === 2 || table.type === 11) checkSymbols(context, table, version);
  }
  return problems;
}

interface Context {
  readonly file: Uint8Array;
  readonly view: DataView;
  readonly sections: readonly Header[];
  readonly segments: readonly Segment[];
  readonly codeSection: Header;
  expect(isRight: boolean, problem: string): void;
  text(at: number, end: number): string | undefined;
  byName(name: string): Header | undefined;
}

/** §8.4: addresses, segments, the dynamic table, relocations, entry. */
function checkLenient(context: Context, entry: bigint): void {
  const { sections, segments, codeSection, expect, byName, view } = context;
  for (const one of sections) {
    const isMapped = (one.flags & 2n) !== 0n;
    expect(!isMapped || one.address === one.offset, `${one.name}: the address is not the offset`);
    expect(one.address < slotOf4GiB, `${one.name}: the address is above 4 GiB`);
  }
  expect(codeSection.address > 0n, '.text is at address 0, where a call of its start looks like a syscall');
  const inCode = entry >= codeSection.address && entry < codeSection.address + codeSection.size;
  expect(inCode && (entry - codeSection.address) % 8n === 0n, `e_entry is ${entry}`);
  const readOnly = sections.flatMap(({ name }, index) =>
    ['.text', '.rodata', '.data.rel.ro', '.eh_frame'].includes(name) ? [index] : [],
  );
  expect(readOnly.at(-1)! - readOnly[0]! + 1 === readOnly.length, 'read-only sections are not neighbours');

  expect(
    segments.map(({ type }) => type).join() === '1,1,2',
    'the segments are not two PT_LOAD and PT_DYNAMIC',
  );
  expect(
    segments.map(({ flags }) => flags).join() === '5,4,4',
    'the segments have other flags than RX, R, R',
  );
  let previous = 0n;
  for (const one of segments.filter(({ type }) => type === 1)) {
    expect(one.virtualAddress >= previous, 'PT_LOAD segments are not in ascending order');
    expect(one.virtualAddress === one.offset, 'a segment is not at the address of its offset');
    expect(one.fileSize === one.memorySize, 'a segment has other bytes in memory than in the file');
    previous = one.virtualAddress + one.memorySize;
  }
  for (const one of sections.filter(({ flags }) => (flags & 2n) !== 0n)) {
    const isCovered = segments.some(
      ({ type, virtualAddress, memorySize }) =>
        type === 1 && one.address >= virtualAddress && one.address + one.size <= virtualAddress + memorySize,
    );
    expect(isCovered, `${one.name}: is in no PT_LOAD segment`);
  }
  const dynamic = byName('.dynamic');
  const dynamicSegment = segments.find(({ type }) => type === 2);
  expect(dynamic !== undefined && dynamicSegment !== undefined, 'there is no dynamic table');
  if (dynamic === undefined || dynamicSegment === undefined) return;
  expect(dynamic.type === 6, '.dynamic has another type');
  const isSame = dynamicSegment.offset === dynamic.offset && dynamicSegment.fileSize === dynamic.size;
  expect(isSame, 'PT_DYNAMIC is not .dynamic');
  const entries = new Map<bigint, bigint>();
  const count = Number(dynamic.size) / 16;
  for (let index = 0; index < count; index++) {
    const at = Number(dynamic.offset) + index * 16;
    const tag = view.getBigUint64(at, true);
    expect(!entries.has(tag), `dynamic entry ${index}: tag ${tag} comes twice`);
    expect((tag === 0n) === (index === count - 1), `dynamic entry ${index}: DT_NULL is not the last`);
    entries.set(tag, view.getBigUint64(at + 8, true));
  }
  const symbols = byName('.dynsym');
  const strings = byName('.dynstr');
  const relocations = byName('.rel.dyn');
  const wanted: [bigint, bigint | undefined][] = [
    [5n, strings?.address],
    [6n, symbols?.address],
    [10n, strings?.size],
    [11n, 24n],
    [17n, relocations?.address],
    [18n, relocations?.size],
    [19n, relocations === undefined ? undefined : 16n],
  ];
  for (const [tag, value] of wanted) {
    expect(entries.get(tag) === value, `dynamic tag ${tag} is ${entries.get(tag)}, not ${value}`);
  }
  expect(entries.size === wanted.filter(([, value]) => value !== undefined).length + 1, 'other dynamic tags');
  expect(symbols?.type === 11 && strings?.type === 3, '.dynsym or .dynstr has another type');
  if (relocations !== undefined && symbols !== undefined) checkRelocations(context, relocations, symbols);
  checkCalls(context, relocations);
}

/** §8.4.7: what the loader finds at each place of a relocation. */
function checkRelocations(context: Context, table: Header, symbols: Header): void {
  const { view, codeSection, expect, byName, text } = context;
  const strings = byName('.dynstr')!;
  const symbolCount = Number(symbols.size) / 24;
  const places = new Set<number>();
  const data = [byName('.rodata'), byName('.data.rel.ro')].filter((one) => one !== undefined);
  const last = data.at(-1) ?? codeSection;
  const addressEnd = Number(last.address + last.size);
  for (let index = 0; index < Number(table.size) / 16; index++) {
    const at = Number(table.offset) + index * 16;
    const offset = Number(view.getBigUint64(at, true));
    const type = view.getUint32(at + 8, true);
    const symbol = view.getUint32(at + 12, true);
    const label = `relocation ${index}`;
    expect(!places.has(offset), `${label}: offset ${offset} comes twice`);
    places.add(offset);
    expect(symbol < symbolCount, `${label}: symbol ${symbol}`);
    const inside = (one: Header) =>
      offset >= Number(one.offset) && offset + 8 <= Number(one.offset + one.size);
    const inCode = inside(codeSection);
    expect(!inCode || (offset - Number(codeSection.offset)) % 8 === 0, `${label}: between instructions`);
    if (type === 8) {
      expect(symbol === 0, `${label}: a relative relocation has a symbol`);
      expect(inCode || data.some(inside), `${label}: outside code and data`);
      const address = view.getUint32(offset + 4, true);
      expect(address > 0 && address <= addressEnd, `${label}: the address ${address} is not in the file`);
      if (inCode) {
        expect(view.getUint8(offset) === 0x18, `${label}: not on a 64-bit load`);
        expect(view.getUint32(offset + 12, true) === 0, `${label}: the upper half is not 0`);
        expect(offset + 16 <= Number(codeSection.offset + codeSection.size), `${label}: the load is cut off`);
      }
    } else if (type === 10) {
      expect(inCode && view.getUint8(offset) === 0x85, `${label}: not on a call`);
      expect(view.getInt32(offset + 4, true) === -1, `${label}: the call is not −1`);
      const row = Number(symbols.offset) + symbol * 24;
      const name = text(
        Number(strings.offset) + view.getUint32(row, true),
        Number(strings.offset + strings.size),
      );
      const isFunction = (view.getUint8(row + 4) & 15) === 2;
      expect(name !== undefined && name.length <= 63, `${label}: the name has ${name?.length} bytes`);
      expect(isFunction || (name ?? '').length > 0, `${label}: neither a function nor a name`);
    } else expect(false, `${label}: type ${type}`);
  }
}

/** §8.4.6: every call with another immediate than −1 goes to an instruction; one with −1 has a relocation. */
function checkCalls(context: Context, relocations: Header | undefined): void {
  const { view, codeSection, expect } = context;
  const start = Number(codeSection.offset);
  const count = Number(codeSection.size) / 8;
  const relocated = new Set<number>();
  for (let index = 0; index < Number(relocations?.size ?? 0n) / 16; index++) {
    relocated.add(Number(view.getBigUint64(Number(relocations!.offset) + index * 16, true)));
  }
  for (let slot = 0; slot < count; slot++) {
    const at = start + slot * 8;
    if (view.getUint8(at) === 0x18) slot++;
    if (view.getUint8(at) !== 0x85) continue;
    const distance = view.getInt32(at + 4, true);
    if (distance === -1) expect(relocated.has(at), `slot ${slot}: a call of nothing`);
    else {
      const target = slot + 1 + distance;
      expect(target >= 0 && target < count, `slot ${slot}: a call of slot ${target}`);
    }
  }
}

/** §8.3: the four segments, the entry; and §7: what V3 wants of code. */
function checkStrict(context: Context, entry: bigint, programEnd: bigint): void {
  const { file, view, sections, segments, codeSection, expect, byName } = context;
  const length = BigInt(file.length);
  const rows = [
    { flags: 1, address: 0n },
    { flags: 4, address: slotOf4GiB },
    { flags: 6, address: 2n * slotOf4GiB },
    { flags: 6, address: 3n * slotOf4GiB },
  ];
  expect(segments.length === rows.length, `there are ${segments.length} segments`);
  for (const [index, { flags, address }] of rows.entries()) {
    const one = segments[index];
    if (one === undefined) continue;
    const label = `segment ${index}`;
    expect(one.type === 1, `${label}: p_type is ${one.type}`);
    expect(one.flags === flags, `${label}: p_flags is ${one.flags}, not ${flags}`);
    expect(one.virtualAddress === address, `${label}: p_vaddr is ${one.virtualAddress}`);
    expect(one.fileSize === (index < 2 ? one.memorySize : 0n), `${label}: p_filesz is ${one.fileSize}`);
    expect(one.offset >= programEnd && one.offset < length, `${label}: p_offset is ${one.offset}`);
    expect(one.offset % 8n === 0n && one.fileSize % 8n === 0n, `${label}: is not whole words`);
    expect(one.memorySize < slotOf4GiB, `${label}: p_memsz is ${one.memorySize}`);
  }
  const [code, constants] = segments;
  if (code === undefined || constants === undefined) return;
  const isCode = code.offset === codeSection.offset && code.fileSize === codeSection.size;
  expect(isCode && codeSection.address === 0n, '.text is not the first segment');
  for (const name of ['.rodata', '.data.rel.ro']) {
    const data = byName(name);
    if (data === undefined) continue;
    const distance = data.offset - constants.offset;
    expect(data.address === slotOf4GiB + distance, `${name}: is not at the address of its place`);
    expect(distance >= 0n && distance + data.size <= constants.fileSize, `${name}: is not in its segment`);
  }
  const unwanted = sections.filter(({ type }) => type === 6 || type === 9 || type === 11);
  expect(unwanted.length === 0, 'there is something for a dynamic loader');
  expect(byName('.symtab') !== undefined && byName('.strtab') !== undefined, 'there is no symbol table');

  const start = Number(codeSection.offset);
  const count = Number(codeSection.size) / 8;
  const opcode = (slot: number) => view.getUint8(start + slot * 8);
  const isMarker = (slot: number) =>
    opcode(slot) === 0x07 && (view.getUint8(start + slot * 8 + 1) & 15) === 10;
  expect(entry % 8n === 0n && entry + 7n < codeSection.size, `e_entry is ${entry}`);
  expect(isMarker(Number(entry) / 8), 'e_entry is not at a function marker');
  expect(isMarker(0), 'slot 0 is not a function marker');
  for (let slot = 0; slot < count; slot++) {
    const at = start + slot * 8;
    if (isMarker(slot)) {
      expect(view.getInt32(at + 4, true) % 64 === 0, `slot ${slot}: the frame is not a multiple of 64`);
      expect(slot === 0 || [0x05, 0x95].includes(opcode(slot - 1)), `slot ${slot - 1}: ends a function`);
    }
    if (opcode(slot) === 0x18) slot++;
    if (view.getUint8(at) !== 0x85) continue;
    const source = view.getUint8(at + 1) >> 4;
    const target = slot + 1 + view.getInt32(at + 4, true);
    expect(source === 0 || source === 1, `slot ${slot}: a call with src ${source}`);
    expect(source === 0 || isMarker(target), `slot ${slot}: a call of slot ${target}, which is no marker`);
  }
  expect([0x05, 0x95].includes(opcode(count - 1)), 'the last function does not end in exit or ja');
}

function checkSymbols(context: Context, table: Header, version: number): void {
  const { view, sections, codeSection, expect, text } = context;
  const strings = sections[table.link];
  if (strings === undefined) return;
  const rows = Array.from({ length: Number(table.size) / 24 }, (_, index): SymbolRow => {
    const at = Number(table.offset) + index * 24;
    const stringsEnd = Number(strings.offset + strings.size);
    return {
      name: text(Number(strings.offset) + view.getUint32(at, true), stringsEnd) ?? '(no name)',
      info: view.getUint8(at + 4),
      other: view.getUint8(at + 5),
      section: view.getUint16(at + 6, true),
      value: view.getBigUint64(at + 8, true),
      size: view.getBigUint64(at + 16, true),
    };
  });
  const code = sections.indexOf(codeSection);
  const isEmpty = (row: SymbolRow) => row.info === 0 && row.section === 0 && row.value === 0n;
  expect(
    rows[0] !== undefined && isEmpty(rows[0]) && rows[0].name === '',
    `${table.name}: symbol 0 is not null`,
  );
  const firstGlobal = rows.findIndex(({ info }) => info >> 4 !== 0);
  const wanted = firstGlobal === -1 ? rows.length : firstGlobal;
  expect(table.info === wanted, `${table.name}: sh_info is ${table.info}, not ${wanted}`);
  for (const [index, row] of rows.entries()) {
    if (index === 0) continue;
    const label = `${table.name}, symbol ${index} (${row.name})`;
    const binding = row.info >> 4;
    expect(binding === (index < wanted ? 0 : 1), `${label}: binding ${binding}`);
    expect(row.other === 0, `${label}: st_other is ${row.other}`);
    expect(row.name.length <= 63, `${label}: the name has ${row.name.length} bytes`);
    if (row.section === 0) {
      expect(version === 0 && table.type === 11, `${label}: is undefined`);
      expect(
        (row.info & 15) === 0 && row.value === 0n && row.size === 0n,
        `${label}: is undefined, with a place`,
      );
      continue;
    }
    expect(row.section === code && (row.info & 15) === 2, `${label}: is no function of .text`);
    const offset = row.value - codeSection.address;
    const isInside = offset >= 0n && offset < codeSection.size && offset + row.size <= codeSection.size;
    expect(isInside && offset % 8n === 0n && row.size % 8n === 0n, `${label}: is not whole instructions`);
    if (version === 3) {
      const at = Number(codeSection.offset + offset);
      const isMarker = view.getUint8(at) === 0x07 && (view.getUint8(at + 1) & 15) === 10;
      expect(isMarker, `${label}: does not start with a marker`);
    }
  }
}

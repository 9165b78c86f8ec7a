import { elf, elfMagic } from '@switchyard/tbpf/format';
import { createDebugSections, createDynamicSections } from './dynamic-sections.ts';
import type { NamedFunction } from './exported-functions.ts';
import { align, checkSize, type Layout, programHeaderCount } from './layout.ts';
import type { LinkedImage } from './linked-image.ts';
import { StringTable } from './string-table.ts';

/** A section of the linked file. Address and file offset are equal; sections outside memory have the address 0. */
interface OutputSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly entrySize: number;
}

/** What goes into the file besides the image itself. */
export interface ElfContents {
  readonly layout: Layout;
  readonly image: LinkedImage;
  readonly exported: readonly NamedFunction[];
  /** Functions for `.symtab`; undefined leaves the table out. */
  readonly debug: readonly NamedFunction[] | undefined;
  readonly entryAddress: number;
}

/** Writes the loadable file: header, program headers, image, dynamic tables, section headers (tbpf.md §8.4). */
export function writeElf(contents: ElfContents): Uint8Array {
  const { layout, image } = contents;
  const parts: { offset: number; bytes: Uint8Array }[] = [{ offset: 0, bytes: image.bytes }];
  const sections: OutputSection[] = [section('', 0, { address: 0, offset: 0, size: 0, alignment: 0 })];
  let end = layout.end;
  const append = (
    name: string,
    type: number,
    bytes: Uint8Array,
    extra: Partial<OutputSection> & { inMemory?: boolean } = {},
  ): OutputSection => {
    const { inMemory = true, ...fields } = extra;
    const offset = align(end, fields.alignment ?? 8);
    end = offset + bytes.length;
    parts.push({ offset, bytes });
    const one = section(name, type, {
      address: inMemory ? offset : 0,
      offset,
      size: bytes.length,
      flags: inMemory ? elf.flagAllocate : 0,
      alignment: 8,
      ...fields,
    });
    sections.push(one);
    return one;
  };

  const merged = (name: string, place: { address: number; size: number }, flags: number) => {
    if (place.size === 0) return;
    sections.push(
      section(name, elf.sectionProgramBits, { ...place, offset: place.address, flags, alignment: 8 }),
    );
  };
  merged('.text', layout.text, elf.flagAllocate | elf.flagExecute);
  merged('.rodata', layout.rodata, elf.flagAllocate);
  merged('.data.rel.ro', layout.relro, elf.flagAllocate);

  const tables = createDynamicSections(contents.exported, image.relocations);
  const symbolsIndex = sections.length;
  const symbols = append('.dynsym', elf.sectionDynamicSymbols, tables.symbols, {
    link: symbolsIndex + 1,
    info: tables.firstGlobal,
    entrySize: elf.symbolSize,
  });
  const strings = append('.dynstr', elf.sectionStringTable, tables.strings, { alignment: 1 });
  const dynamic: [number, number][] = [];
  // A DT_REL of size 0 is an error to the loader (§8.4.2), so a file without relocations has none.
  if (tables.relocations.length > 0) {
    const relocations = append('.rel.dyn', elf.sectionRelocations, tables.relocations, {
      link: symbolsIndex,
      entrySize: elf.relocationSize,
    });
    dynamic.push([elf.dynamicRelocations, relocations.address]);
    dynamic.push([elf.dynamicRelocationsSize, relocations.size]);
    dynamic.push([elf.dynamicRelocationSize, elf.relocationSize]);
  }
  dynamic.push([elf.dynamicSymbolTable, symbols.address], [elf.dynamicSymbolSize, elf.symbolSize]);
  dynamic.push([elf.dynamicStringTable, strings.address], [elf.dynamicStringSize, strings.size]);
  dynamic.push([elf.dynamicNull, 0]);
  const dynamicTable = append('.dynamic', elf.sectionDynamic, encodePairs(dynamic), {
    link: symbolsIndex + 1,
    entrySize: elf.dynamicSize,
  });
  if (contents.debug !== undefined) {
    const debug = createDebugSections(contents.debug);
    const index = sections.length;
    append('.symtab', elf.sectionSymbolTable, debug.symbols, {
      link: index + 1,
      info: debug.firstGlobal,
      entrySize: elf.symbolSize,
      inMemory: false,
    });
    append('.strtab', elf.sectionStringTable, debug.strings, { alignment: 1, inMemory: false });
  }
  const names = new StringTable();
  for (const { name } of sections) names.add(name);
  names.add('.shstrtab');
  append('.shstrtab', elf.sectionStringTable, names.bytes(), { alignment: 1, inMemory: false });

  const headers = align(end, 8);
  const size = headers + sections.length * elf.sectionHeaderSize;
  checkSize(size);
  const file = new Uint8Array(size);
  for (const { offset, bytes } of parts) file.set(bytes, offset);
  const view = new DataView(file.buffer);
  writeHeader(view, contents, headers, sections.length);
  writeProgramHeaders(view, layout, dynamicTable);
  sections.forEach((one, index) => {
    writeSectionHeader(view, headers + index * elf.sectionHeaderSize, one, names.add(one.name));
  });
  return file;
}

function section(
  name: string,
  type: number,
  fields: Partial<OutputSection> & Pick<OutputSection, 'address' | 'offset' | 'size' | 'alignment'>,
): OutputSection {
  return { name, type, flags: 0, link: 0, info: 0, entrySize: 0, ...fields };
}

function encodePairs(pairs: readonly [number, number][]): Uint8Array {
  const bytes = new Uint8Array(pairs.length * elf.dynamicSize);
  const view = new DataView(bytes.buffer);
  pairs.forEach(([tag, value], index) => {
    view.setUint32(index * elf.dynamicSize, tag, true);
    view.setUint32(index * elf.dynamicSize + 8, value, true);
  });
  return bytes;
}

function writeHeader(view: DataView, contents: ElfContents, headers: number, sectionCount: number): void {
  const ident = [...elfMagic, elf.class64, elf.dataLittleEndian, elf.currentVersion];
  ident.forEach((byte, index) => {
    view.setUint8(index, byte);
  });
  view.setUint16(16, elf.typeDynamic, true);
  view.setUint16(18, elf.machineTbpf, true);
  view.setUint32(20, elf.currentVersion, true);
  view.setUint32(24, contents.entryAddress, true);
  view.setUint32(32, elf.headerSize, true);
  view.setUint32(40, headers, true);
  view.setUint32(48, 0, true); // e_flags: TBPF V0
  view.setUint16(52, elf.headerSize, true);
  view.setUint16(54, elf.programHeaderSize, true);
  view.setUint16(56, programHeaderCount, true);
  view.setUint16(58, elf.sectionHeaderSize, true);
  view.setUint16(60, sectionCount, true);
  view.setUint16(62, sectionCount - 1, true);
}

function writeProgramHeaders(view: DataView, layout: Layout, dynamicTable: OutputSection): void {
  let at = elf.headerSize;
  const write = (type: number, flags: number, address: number, size: number) => {
    view.setUint32(at, type, true);
    view.setUint32(at + 4, flags, true);
    for (const field of [8, 16, 24]) view.setUint32(at + field, address, true);
    for (const field of [32, 40]) view.setUint32(at + field, size, true);
    view.setUint32(at + 48, 8, true);
    at += elf.programHeaderSize;
  };
  write(elf.segmentLoad, elf.segmentRead | elf.segmentExecute, layout.text.address, layout.text.size);
  // Read-only data and the dynamic tables: other tools look up the tables' addresses in a segment.
  const rest = layout.text.address + layout.text.size;
  write(elf.segmentLoad, elf.segmentRead, rest, dynamicTable.offset + dynamicTable.size - rest);
  write(elf.segmentDynamic, elf.segmentRead, dynamicTable.offset, dynamicTable.size);
}

function writeSectionHeader(view: DataView, at: number, one: OutputSection, name: number): void {
  view.setUint32(at, name, true);
  view.setUint32(at + 4, one.type, true);
  view.setUint32(at + 8, one.flags, true);
  view.setUint32(at + 16, one.address, true);
  view.setUint32(at + 24, one.offset, true);
  view.setUint32(at + 32, one.size, true);
  view.setUint32(at + 40, one.link, true);
  view.setUint32(at + 44, one.info, true);
  view.setUint32(at + 48, one.alignment, true);
  view.setUint32(at + 56, one.entrySize, true);
}

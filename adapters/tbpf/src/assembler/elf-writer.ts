import { encodeUtf8 } from '@switchyard/core';
import { elf, elfMagic } from '../format/elf-constants.ts';
import type { TbpfVersion } from '../isa/version.ts';
import { failAssembly } from './assembly-failure.ts';

/** A section of a file that is to be written. */
export interface WrittenSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly bytes: Uint8Array;
  /** True: the address is the file offset; otherwise 0. */
  readonly mapped: boolean;
  /** Name of the section that this one refers to. */
  readonly link?: string;
  /** Of a symbol table: index of its first global symbol. */
  readonly info?: number;
  readonly entrySize?: number;
  /** File offset; default: the next one that is 8-aligned. */
  readonly at?: number;
}

/** A program header; the segment's bytes are `size` bytes of the file from `offset`. */
export interface WrittenSegment {
  readonly flags: number;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
}

/** A file that is to be written. */
export interface WrittenElf {
  readonly machine: number;
  readonly version: TbpfVersion;
  /** The e_entry word. */
  readonly entry: number;
  readonly segments: readonly WrittenSegment[];
  /** Without the null section and `.shstrtab`, which are added. */
  readonly sections: readonly WrittenSection[];
}

/** File offset of the first section, given the number of segments: the headers come first. */
export function firstSectionOffset(segments: number): number {
  return elf.headerSize + elf.programHeaderSize * segments;
}

/** File offset of each section: its own, or after the one before it, 8-aligned. Throws `AssemblyFailure` when they overlap. */
export function sectionOffsets(segments: number, sections: readonly WrittenSection[]): readonly number[] {
  let end = firstSectionOffset(segments);
  return sections.map(({ bytes, at }) => {
    const offset = at ?? align8(end);
    if (offset < end) failAssembly(`Code or data at 0x${offset.toString(16)} of the file overlap`);
    end = offset + bytes.length;
    return offset;
  });
}

/** Writes the file: header, program headers, sections in the given order, section headers. */
export function writeElf({ machine, version, entry, segments, sections }: WrittenElf): Uint8Array {
  const names = sections.map(({ name }) => name);
  const all = [
    ...sections,
    unmapped('.shstrtab', elf.sectionStringTable, stringTable([...names, '.shstrtab']).bytes),
  ];
  const { offsets: nameOffsets } = stringTable(all.map(({ name }) => name));
  const offsets = sectionOffsets(segments.length, all);
  const tableOffset = align8(offsets.at(-1)! + all.at(-1)!.bytes.length);
  const file = new Uint8Array(tableOffset + elf.sectionHeaderSize * (all.length + 1));
  const view = new DataView(file.buffer);
  file.set([...elfMagic, elf.class64, elf.dataLittleEndian, elf.currentVersion]);
  view.setUint16(16, elf.typeDynamic, true);
  view.setUint16(18, machine, true);
  view.setUint32(20, elf.currentVersion, true);
  view.setBigUint64(24, BigInt(entry), true);
  view.setBigUint64(32, BigInt(segments.length === 0 ? 0 : elf.headerSize), true);
  view.setBigUint64(40, BigInt(tableOffset), true);
  view.setUint32(48, version, true);
  const sizes = [elf.headerSize, elf.programHeaderSize, segments.length, elf.sectionHeaderSize];
  for (const [index, value] of [...sizes, all.length + 1, all.length].entries()) {
    view.setUint16(52 + 2 * index, value, true);
  }
  for (const [index, { flags, address, offset, size }] of segments.entries()) {
    const at = elf.headerSize + elf.programHeaderSize * index;
    view.setUint32(at, elf.segmentLoad, true);
    view.setUint32(at + 4, flags, true);
    const words = [BigInt(offset), address, address, BigInt(size), BigInt(size), 8n];
    for (const [word, value] of words.entries()) view.setBigUint64(at + 8 + 8 * word, value, true);
  }
  for (const [index, section] of all.entries()) {
    const at = tableOffset + elf.sectionHeaderSize * (index + 1);
    const offset = offsets[index]!;
    file.set(section.bytes, offset);
    view.setUint32(at, nameOffsets[index]!, true);
    view.setUint32(at + 4, section.type, true);
    view.setBigUint64(at + 8, BigInt(section.flags), true);
    view.setBigUint64(at + 16, BigInt(section.mapped ? offset : 0), true);
    view.setBigUint64(at + 24, BigInt(offset), true);
    view.setBigUint64(at + 32, BigInt(section.bytes.length), true);
    view.setUint32(at + 40, section.link === undefined ? 0 : names.indexOf(section.link) + 1, true);
    view.setUint32(at + 44, section.info ?? 0, true);
    view.setBigUint64(at + 48, 8n, true);
    view.setBigUint64(at + 56, BigInt(section.entrySize ?? 0), true);
  }
  return file;
}

/** A section that is not part of the memory image. */
export function unmapped(
  name: string,
  type: number,
  bytes: Uint8Array,
  extra: Pick<WrittenSection, 'link' | 'info' | 'entrySize'> = {},
): WrittenSection {
  return { name, type, flags: 0, bytes, mapped: false, ...extra };
}

/** A symbol of a table that is to be written. */
export interface WrittenSymbol {
  readonly name: string;
  /** Index of its section; 0 leaves it undefined. */
  readonly section: number;
  readonly value: number;
  readonly size: number;
  /** Local symbols come first in a table. */
  readonly isLocal?: boolean;
}

const GLOBAL = 1 << 4;

/** A symbol table after the null symbol: functions where they are defined. And the table of their names. */
export function symbolTable(symbols: readonly WrittenSymbol[]): { table: Uint8Array; names: Uint8Array } {
  const { bytes: names, offsets } = stringTable(symbols.map(({ name }) => name));
  const table = new Uint8Array(elf.symbolSize * (symbols.length + 1));
  const view = new DataView(table.buffer);
  for (const [index, { section, value, size, isLocal = false }] of symbols.entries()) {
    const at = elf.symbolSize * (index + 1);
    view.setUint32(at, offsets[index]!, true);
    view.setUint8(at + 4, (isLocal ? 0 : GLOBAL) | (section === 0 ? elf.symbolNoType : elf.symbolFunction));
    view.setUint16(at + 6, section, true);
    view.setBigUint64(at + 8, BigInt(value), true);
    view.setBigUint64(at + 16, BigInt(size), true);
  }
  return { table, names };
}

function stringTable(strings: readonly string[]): { bytes: Uint8Array; offsets: readonly number[] } {
  const bytes = [0];
  const offsets = strings.map((text) => {
    const offset = bytes.length;
    for (const byte of encodeUtf8(text)) bytes.push(byte);
    bytes.push(0);
    return offset;
  });
  return { bytes: Uint8Array.from(bytes), offsets };
}

function align8(offset: number): number {
  return (offset + 7) & ~7;
}

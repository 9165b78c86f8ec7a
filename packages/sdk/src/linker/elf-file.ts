import { elf, elfMagic } from '@switchyard/tbpf/format';
import type { DebugSection } from './debug-sections.ts';
import { align, checkSize, type Layout, type MergedSection } from './layout.ts';
import type { LinkedVersion } from './linked-version.ts';
import { StringTable } from './string-table.ts';

/** A section of the linked file. */
export interface OutputSection {
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

/** A program header; what is not said is 0. */
export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
}

/** The words of the file header that differ between files. */
export interface FileHeader {
  readonly version: LinkedVersion;
  readonly entryAddress: number;
  readonly segments: readonly Segment[];
}

/** Builds a loadable ELF file: header, program headers, image, further sections, section names, section headers. */
export class ElfFile {
  readonly sections: OutputSection[] = [section('', 0, { address: 0, offset: 0, size: 0, alignment: 0 })];
  readonly #parts: { offset: number; bytes: Uint8Array }[] = [];
  #end: number;
  #debugBytes = 0;

  /** @param image everything from offset 0 to the first byte that may be added; its headers are still zero. */
  constructor(layout: Layout, image: Uint8Array) {
    this.#parts.push({ offset: 0, bytes: image });
    this.#end = image.length;
    this.#describe('.text', layout.text, elf.flagAllocate | elf.flagExecute);
    this.#describe('.rodata', layout.rodata, elf.flagAllocate);
    this.#describe('.data.rel.ro', layout.relro, elf.flagAllocate);
  }

  /** Adds the header of a part of the image, unless it is empty. */
  #describe(name: string, place: MergedSection, flags: number): void {
    if (place.size === 0) return;
    this.sections.push(section(name, elf.sectionProgramBits, { ...place, flags, alignment: 8 }));
  }

  /**
   * Adds a section with its bytes behind all others, 8-aligned unless it is told otherwise.
   * @param isMapped true: its address is its file offset; false: it has none.
   */
  append(
    name: string,
    type: number,
    bytes: Uint8Array,
    isMapped: boolean,
    fields: Partial<OutputSection> = {},
  ): OutputSection {
    const offset = align(this.#end, fields.alignment ?? 8);
    this.#end = offset + bytes.length;
    this.#parts.push({ offset, bytes });
    const one = section(name, type, {
      address: isMapped ? offset : 0,
      offset,
      size: bytes.length,
      flags: isMapped ? elf.flagAllocate : 0,
      alignment: 8,
      ...fields,
    });
    this.sections.push(one);
    return one;
  }

  /** Adds sections that are not loaded. */
  appendDebugInfo(sections: readonly DebugSection[]): void {
    for (const { name, bytes } of sections) {
      this.append(name, elf.sectionProgramBits, bytes, false, { alignment: 1 });
      this.#debugBytes += bytes.length;
    }
  }

  /** The bytes of the file; CODE_TOO_LARGE above the engine's limit. */
  finish(header: FileHeader): Uint8Array {
    const names = new StringTable();
    for (const { name } of this.sections) names.add(name);
    names.add('.shstrtab');
    this.append('.shstrtab', elf.sectionStringTable, names.bytes(), false, { alignment: 1 });
    const headers = align(this.#end, 8);
    const size = headers + this.sections.length * elf.sectionHeaderSize;
    checkSize(size, this.#debugBytes);
    const file = new Uint8Array(size);
    for (const { offset, bytes } of this.#parts) file.set(bytes, offset);
    const view = new DataView(file.buffer);
    writeHeader(view, header, headers, this.sections.length);
    header.segments.forEach((segment, index) => {
      writeProgramHeader(view, elf.headerSize + index * elf.programHeaderSize, segment);
    });
    this.sections.forEach((one, index) => {
      writeSectionHeader(view, headers + index * elf.sectionHeaderSize, one, names.add(one.name));
    });
    return file;
  }
}

function section(
  name: string,
  type: number,
  fields: Partial<OutputSection> & Pick<OutputSection, 'address' | 'offset' | 'size' | 'alignment'>,
): OutputSection {
  return { name, type, flags: 0, link: 0, info: 0, entrySize: 0, ...fields };
}

function writeU64(view: DataView, at: number, value: number): void {
  view.setBigUint64(at, BigInt(value), true);
}

function writeHeader(view: DataView, header: FileHeader, headers: number, sectionCount: number): void {
  const ident = [...elfMagic, elf.class64, elf.dataLittleEndian, elf.currentVersion];
  ident.forEach((byte, index) => {
    view.setUint8(index, byte);
  });
  view.setUint16(16, elf.typeDynamic, true);
  view.setUint16(18, elf.machineTbpf, true);
  view.setUint32(20, elf.currentVersion, true);
  writeU64(view, 24, header.entryAddress);
  writeU64(view, 32, elf.headerSize);
  writeU64(view, 40, headers);
  view.setUint32(48, header.version, true);
  view.setUint16(52, elf.headerSize, true);
  view.setUint16(54, elf.programHeaderSize, true);
  view.setUint16(56, header.segments.length, true);
  view.setUint16(58, elf.sectionHeaderSize, true);
  view.setUint16(60, sectionCount, true);
  view.setUint16(62, sectionCount - 1, true);
}

function writeProgramHeader(view: DataView, at: number, segment: Segment): void {
  const { type, flags, offset, address, fileSize, memorySize } = segment;
  view.setUint32(at, type, true);
  view.setUint32(at + 4, flags, true);
  writeU64(view, at + 8, offset);
  writeU64(view, at + 16, address);
  writeU64(view, at + 24, address);
  writeU64(view, at + 32, fileSize);
  writeU64(view, at + 40, memorySize);
  writeU64(view, at + 48, 8);
}

function writeSectionHeader(view: DataView, at: number, one: OutputSection, name: number): void {
  view.setUint32(at, name, true);
  view.setUint32(at + 4, one.type, true);
  writeU64(view, at + 8, one.flags);
  writeU64(view, at + 16, one.address);
  writeU64(view, at + 24, one.offset);
  writeU64(view, at + 32, one.size);
  view.setUint32(at + 40, one.link, true);
  view.setUint32(at + 44, one.info, true);
  writeU64(view, at + 48, one.alignment);
  writeU64(view, at + 56, one.entrySize);
}

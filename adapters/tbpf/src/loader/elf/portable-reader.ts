import { elf } from '../../format/elf-constants.ts';
import type {
  ElfContainer,
  ElfContainerReader,
  ElfHeader,
  ElfProgramHeader,
  ElfSectionHeader,
} from './container-reader.ts';

/** Reads ELF containers without any dependency; runs in browsers. */
export const containerReader: ElfContainerReader = { read };

function read(bytes: Uint8Array): ElfContainer | undefined {
  if (bytes.length < elf.headerSize) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(bytes, view);
  return {
    header,
    programHeaders: readTable(
      view,
      header.programHeaderOffset,
      header.programHeaderCount,
      elf.programHeaderSize,
      readProgramHeader,
    ),
    sectionHeaders: readTable(
      view,
      header.sectionHeaderOffset,
      header.sectionHeaderCount,
      elf.sectionHeaderSize,
      readSectionHeader,
    ),
  };
}

function readHeader(bytes: Uint8Array, view: DataView): ElfHeader {
  return {
    ident: new Uint8Array(bytes.subarray(0, 16)),
    type: view.getUint16(16, true),
    machine: view.getUint16(18, true),
    version: view.getUint32(20, true),
    entry: view.getBigUint64(24, true),
    programHeaderOffset: view.getBigUint64(32, true),
    sectionHeaderOffset: view.getBigUint64(40, true),
    flags: view.getUint32(48, true),
    headerSize: view.getUint16(52, true),
    programHeaderSize: view.getUint16(54, true),
    programHeaderCount: view.getUint16(56, true),
    sectionHeaderSize: view.getUint16(58, true),
    sectionHeaderCount: view.getUint16(60, true),
    sectionNamesIndex: view.getUint16(62, true),
  };
}

function readTable<T>(
  view: DataView,
  offset: bigint,
  count: number,
  size: number,
  readEntry: (view: DataView, at: number) => T,
): readonly T[] {
  if (offset + BigInt(count * size) > BigInt(view.byteLength)) return [];
  const start = Number(offset);
  const entries: T[] = [];
  for (let index = 0; index < count; index++) entries.push(readEntry(view, start + index * size));
  return entries;
}

function readProgramHeader(view: DataView, at: number): ElfProgramHeader {
  return {
    type: view.getUint32(at, true),
    flags: view.getUint32(at + 4, true),
    offset: view.getBigUint64(at + 8, true),
    virtualAddress: view.getBigUint64(at + 16, true),
    physicalAddress: view.getBigUint64(at + 24, true),
    fileSize: view.getBigUint64(at + 32, true),
    memorySize: view.getBigUint64(at + 40, true),
    align: view.getBigUint64(at + 48, true),
  };
}

function readSectionHeader(view: DataView, at: number): ElfSectionHeader {
  return {
    nameOffset: view.getUint32(at, true),
    type: view.getUint32(at + 4, true),
    flags: view.getBigUint64(at + 8, true),
    address: view.getBigUint64(at + 16, true),
    offset: view.getBigUint64(at + 24, true),
    size: view.getBigUint64(at + 32, true),
    link: view.getUint32(at + 40, true),
    info: view.getUint32(at + 44, true),
    addressAlign: view.getBigUint64(at + 48, true),
    entrySize: view.getBigUint64(at + 56, true),
  };
}

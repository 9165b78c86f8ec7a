import { decodeUtf8Lossy } from '@switchyard/core';
import { elf, elfMagic } from '../../format/elf-constants.ts';
import type { ElfContainer, ElfHeader, ElfProgramHeader, ElfSectionHeader } from '../elf/container-reader.ts';
import {
  checkedAdd,
  type FileRange,
  type FileTable,
  rangeOf,
  requireNoOverlap,
  stringAt,
  tableAt,
} from '../elf/file-ranges.ts';
import { fail, failOutOfBounds, failToParse } from '../load-failure.ts';
import { parseDynamicTable } from './dynamic-table.ts';

/** Longest section name, with its NUL (spec §4). */
export const sectionNameLimit = 16;
/** Longest symbol name, with its NUL (spec §4). */
export const symbolNameLimit = 64;

/** A file whose headers and tables have been parsed (spec §8.4.1). */
export interface ParsedElf {
  /** The unmodified file. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly header: ElfHeader;
  readonly programs: readonly ElfProgramHeader[];
  readonly sections: readonly ElfSectionHeader[];
  /** Name of each section, by its index. */
  readonly names: readonly string[];
  readonly symbolTable: ElfSectionHeader | undefined;
  readonly symbolNames: ElfSectionHeader | undefined;
  readonly dynamicSymbolNames: ElfSectionHeader | undefined;
  readonly relocations: FileTable | undefined;
  readonly dynamicSymbols: FileTable | undefined;
}

/** Parses headers and tables in the order of spec §8.4.1; throws `LoadFailure`. */
export function parseElf(bytes: Uint8Array, container: ElfContainer): ParsedElf {
  const { header, programHeaders: programs, sectionHeaders: sections } = container;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkHeader(header);
  const tables = checkHeaderTables(bytes.length, header);
  if (sections[0]?.type !== elf.sectionNull) failToParse('SHDR');
  checkSegments(bytes.length, programs);
  checkSectionRanges(bytes.length, sections, tables);
  const names = readSectionNames(bytes, header, sections);
  return {
    bytes,
    view,
    header,
    programs,
    sections,
    names,
    symbolTable: sections[names.indexOf('.symtab')],
    symbolNames: sections[names.indexOf('.strtab')],
    dynamicSymbolNames: sections[names.indexOf('.dynstr')],
    ...parseDynamicTable(bytes.length, view, programs, sections),
  };
}

function checkHeader(header: ElfHeader): void {
  const { ident } = header;
  const isValid =
    elfMagic.every((byte, index) => ident[index] === byte) &&
    ident[4] === elf.class64 &&
    ident[5] === elf.dataLittleEndian &&
    ident[6] === elf.currentVersion &&
    header.version === elf.currentVersion &&
    header.headerSize === elf.headerSize &&
    header.programHeaderSize === elf.programHeaderSize &&
    header.sectionHeaderSize === elf.sectionHeaderSize &&
    header.sectionNamesIndex < header.sectionHeaderCount;
  if (!isValid) failToParse('FHDR');
}

/** The parts of the file that no section may overlap, in the order they are tested. */
function checkHeaderTables(fileSize: number, header: ElfHeader): readonly FileRange[] {
  const fileHeader = { start: 0n, end: BigInt(elf.headerSize) };
  const programTableSize = BigInt(elf.programHeaderSize * header.programHeaderCount);
  const programTable = rangeOf(header.programHeaderOffset, programTableSize);
  requireNoOverlap(fileHeader, programTable);
  tableAt(fileSize, programTable.start, programTableSize, elf.programHeaderSize);
  const sectionTable = checkSectionTable(fileSize, header, programTable);
  return [fileHeader, programTable, sectionTable];
}

/** Checks the section header table against the file, its header and the program headers. */
export function checkSectionTable(fileSize: number, header: ElfHeader, programTable: FileRange): FileRange {
  const size = BigInt(elf.sectionHeaderSize * header.sectionHeaderCount);
  const sectionTable = rangeOf(header.sectionHeaderOffset, size);
  requireNoOverlap({ start: 0n, end: BigInt(elf.headerSize) }, sectionTable);
  requireNoOverlap(programTable, sectionTable);
  tableAt(fileSize, sectionTable.start, size, elf.sectionHeaderSize);
  return sectionTable;
}

function checkSegments(fileSize: number, programs: readonly ElfProgramHeader[]): void {
  let previousAddress = 0n;
  for (const program of programs) {
    if (program.type !== elf.segmentLoad) continue;
    if (program.virtualAddress < previousAddress) fail('InvalidProgramHeader');
    if (checkedAdd(program.offset, program.fileSize) > BigInt(fileSize)) failOutOfBounds();
    previousAddress = program.virtualAddress;
  }
}

function checkSectionRanges(
  fileSize: number,
  sections: readonly ElfSectionHeader[],
  tables: readonly FileRange[],
): void {
  let previousEnd = 0n;
  for (const section of sections) {
    if (section.type === elf.sectionNoBits) continue;
    const range = rangeOf(section.offset, section.size);
    for (const table of tables) requireNoOverlap(range, table);
    if (range.start < previousEnd) failToParse('ORDER');
    if (range.end > BigInt(fileSize)) failOutOfBounds();
    previousEnd = range.end;
  }
}

const uniqueSections: ReadonlySet<string> = new Set(['.symtab', '.strtab', '.dynstr']);

function readSectionNames(
  bytes: Uint8Array,
  header: ElfHeader,
  sections: readonly ElfSectionHeader[],
): readonly string[] {
  const table = sections[header.sectionNamesIndex]!;
  if (header.sectionNamesIndex === 0) failToParse('NOSHSTR');
  const seen = new Set<string>();
  return sections.map((section) => {
    const name = decodeUtf8Lossy(stringAt(bytes, table, section.nameOffset, sectionNameLimit));
    if (uniqueSections.has(name)) {
      if (seen.has(name)) failToParse('SHDR');
      seen.add(name);
    }
    return name;
  });
}

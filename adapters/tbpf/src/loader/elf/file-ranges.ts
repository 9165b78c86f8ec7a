import { decodeUtf8Lossy } from '@switchyard/core';
import { elf } from '../../format/elf-constants.ts';
import { fail, failOutOfBounds, failToParse } from '../load-failure.ts';
import type { ElfSectionHeader } from './container-reader.ts';

const maximum = 0xffff_ffff_ffff_ffffn;

/** Sum of two unsigned 64-bit numbers; `ValueOutOfBounds` when it overflows ("checked" in spec §8.2). */
export function checkedAdd(left: bigint, right: bigint): bigint {
  const sum = left + right;
  return sum > maximum ? failOutOfBounds() : sum;
}

/** Sum of two unsigned 64-bit numbers, at most 2^64 − 1. */
export function saturatingAdd(left: bigint, right: bigint): bigint {
  const sum = left + right;
  return sum > maximum ? maximum : sum;
}

/** A range of file offsets, end exclusive. */
export interface FileRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** The range from `start` over `size` bytes, checked for overflow. */
export function rangeOf(start: bigint, size: bigint): FileRange {
  return { start, end: checkedAdd(start, size) };
}

/** `OVERLAP` unless one range ends before the other starts; an empty range inside another overlaps. */
export function requireNoOverlap(left: FileRange, right: FileRange): void {
  if (left.end > right.start && right.end > left.start) failToParse('OVERLAP');
}

/** A table of equal entries inside the file. */
export interface FileTable {
  /** File offset of the first entry. */
  readonly offset: number;
  readonly count: number;
}

/** Checks a table's size, range and alignment, in this order (`table()` of spec §8.2). */
export function tableAt(fileSize: number, offset: bigint, byteLength: bigint, entrySize: number): FileTable {
  const end = checkedAdd(offset, byteLength);
  if (byteLength % BigInt(entrySize) !== 0n) failToParse('SIZE');
  if (end > BigInt(fileSize)) failOutOfBounds();
  if (offset % 8n !== 0n) failToParse('ALIGN');
  return { offset: Number(offset), count: Number(byteLength) / entrySize };
}

/** The symbol table of a section, which must be of type SYMTAB or DYNSYM. */
export function symbolTableAt(fileSize: number, section: ElfSectionHeader): FileTable {
  if (section.type !== elf.sectionSymbolTable && section.type !== elf.sectionDynamicSymbols) {
    failToParse('SHDR');
  }
  return tableAt(fileSize, section.offset, section.size, elf.symbolSize);
}

/** A string of a string table: at most `limit` − 1 bytes and a NUL (`string()` of spec §8.2). */
export function stringAt(
  bytes: Uint8Array,
  section: ElfSectionHeader,
  index: number,
  limit: number,
): Uint8Array {
  if (section.type !== elf.sectionStringTable) failToParse('SHDR');
  const start = checkedAdd(section.offset, BigInt(index));
  let end = checkedAdd(section.offset, section.size);
  const limitEnd = checkedAdd(start, BigInt(limit));
  if (limitEnd < end) end = limitEnd;
  if (start > end || end > BigInt(bytes.length)) failOutOfBounds();
  const unterminated = bytes.subarray(Number(start), Number(end));
  const length = unterminated.indexOf(0);
  if (length < 0) {
    const text = decodeUtf8Lossy(unterminated);
    fail('FailedToParse', `Section or symbol name \`${text}\` is longer than \`${limit}\` bytes`);
  }
  return unterminated.subarray(0, length);
}

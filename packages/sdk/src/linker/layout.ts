import { VmError } from '@switchyard/core';
import { addressMap, elf } from '@switchyard/tbpf/format';
import type { SectionKind } from './classify-section.ts';
import type { KeptSection } from './kept-sections.ts';
import type { LinkedVersion } from './linked-version.ts';
import type { ObjectFile } from './object-file.ts';

/** Largest contract that the TBPF engine takes, in bytes of ELF (tos-syscalls.md, part A). */
export const maxContractSize = 1_048_576;

/** Program headers of a linked file. V0: the code, the rest, the dynamic table; V3: code, constants, stack, heap. */
export const programHeaderCounts: Readonly<Record<LinkedVersion, number>> = { 0: 3, 3: 4 };

/** A section of an object at its place in the linked file. */
export interface Piece extends KeptSection {
  readonly address: number;
  /** In the file. */
  readonly offset: number;
}

/** A merged section of the linked file. */
export interface MergedSection {
  readonly address: number;
  /** In the file. */
  readonly offset: number;
  readonly size: number;
}

/** Where everything that a contract can address is. */
export interface Layout {
  readonly version: LinkedVersion;
  readonly pieces: readonly Piece[];
  readonly text: MergedSection;
  readonly rodata: MergedSection;
  readonly relro: MergedSection;
  /** Offset of the first byte after the addressable part in the file. */
  readonly end: number;
  /** The piece of a section; undefined when the section is left out. */
  find(object: ObjectFile, section: number): Piece | undefined;
}

/**
 * Gives every kept section its address: all code, then read-only data, then constants with pointers. In V0, address and file offset are
 * equal, and the code starts after the headers, never at 0, where the loader takes a call of the first function for a syscall (tbpf.md
 * §8.4.7). In V3 code starts at the address 0 and constants at 2^32 (§8.3).
 * @param leading bytes of the linker's own code before the first object's.
 */
export function createLayout(kept: readonly KeptSection[], leading: number, version: LinkedVersion): Layout {
  checkSize(kept.reduce((total, { bytes, moved }) => total + (moved?.bytes ?? bytes).length, 0));
  let offset = elf.headerSize + programHeaderCounts[version] * elf.programHeaderSize;
  // What an address is above the file offset.
  let distance = version === 0 ? 0 : -offset;
  const pieces: Piece[] = [];
  const alignTo = (alignment: number) => {
    offset = align(offset + distance, alignment) - distance;
  };
  const place = (kind: SectionKind, leadingBytes: number): MergedSection => {
    alignTo(kind === 'text' ? 8 : largestAlignment(kept, kind));
    const start = offset;
    offset += leadingBytes;
    for (const one of kept) {
      if (one.kind !== kind) continue;
      alignTo(kind === 'text' ? 8 : Math.max(1, one.section.alignment));
      pieces.push({ ...one, address: offset + distance, offset });
      offset += (one.moved?.bytes ?? one.bytes).length;
      checkSize(offset);
    }
    return { address: start + distance, offset: start, size: offset - start };
  };
  const text = place('text', leading);
  if (version !== 0) distance = Number(addressMap.program) - offset;
  const rodata = place('rodata', 0);
  const relro = place('relro', 0);
  // The strict loader wants segments of whole words (§8.3); the end of the code is one by itself.
  if (version !== 0) offset = align(offset, 8);
  const byObject = new Map<ObjectFile, Map<number, Piece>>();
  for (const piece of pieces) {
    const sections = byObject.get(piece.object) ?? new Map<number, Piece>();
    byObject.set(piece.object, sections.set(piece.section.index, piece));
  }
  return {
    version,
    pieces,
    text,
    rodata,
    relro,
    end: offset,
    find: (object, section) => byObject.get(object)?.get(section),
  };
}

function largestAlignment(kept: readonly KeptSection[], kind: SectionKind): number {
  return kept.reduce((most, one) => (one.kind === kind ? Math.max(most, one.section.alignment) : most), 8);
}

/** The least multiple of `alignment`, a power of two, that is not below `value`. */
export function align(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/**
 * CODE_TOO_LARGE when a file of `size` bytes would be above the engine's limit.
 * @param debugBytes how many of them are debug information.
 */
export function checkSize(size: number, debugBytes = 0): void {
  if (size <= maxContractSize) return;
  throw new VmError(
    'CODE_TOO_LARGE',
    `The linked contract needs at least ${size} bytes; the limit is ${maxContractSize}.`,
    {
      hint:
        debugBytes > 0 && size - debugBytes <= maxContractSize
          ? `${debugBytes} bytes of it are debug information: build without --debug, or give fewer sources -g.`
          : 'Optimise for size (-Oz), shorten tables, or split the contract in two.',
    },
  );
}

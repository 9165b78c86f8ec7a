import { VmError } from '@switchyard/core';
import { elf } from '@switchyard/tbpf/format';
import { classifySection, type SectionKind } from './classify-section.ts';
import type { InputSection, ObjectFile } from './object-file.ts';

/** Largest contract that the TBPF engine takes, in bytes of ELF (tos-syscalls.md, part A). */
export const maxContractSize = 1_048_576;

/** Program headers of every linked file: the code, the rest, the dynamic table. */
export const programHeaderCount = 3;

/** A section of an object at its place in the linked file. Address and file offset are the same number. */
export interface Piece {
  readonly object: ObjectFile;
  readonly section: InputSection;
  readonly kind: SectionKind;
  readonly address: number;
}

/** A merged section of the linked file. */
export interface MergedSection {
  readonly address: number;
  readonly size: number;
}

/** Where everything that a contract can address is. */
export interface Layout {
  readonly pieces: readonly Piece[];
  readonly text: MergedSection;
  readonly rodata: MergedSection;
  readonly relro: MergedSection;
  /** First byte after the addressable part. */
  readonly end: number;
  /** The piece of a section; undefined when the section is left out. */
  find(object: ObjectFile, section: number): Piece | undefined;
}

/**
 * Gives every kept section its address: all code, then read-only data, then constants with pointers. The code starts after the
 * headers, never at 0, where the loader takes a call of the first function for a syscall (tbpf.md §8.4.7).
 * @param leadingSlots instructions of the linker's own before the first object's code.
 */
export function createLayout(objects: readonly ObjectFile[], leadingSlots: number): Layout {
  const kept = objects.flatMap((object) =>
    object.sections.flatMap((section) => {
      const kind = classifySection(object, section);
      return kind === undefined ? [] : [{ object, section, kind }];
    }),
  );
  checkSize(kept.reduce((total, { section }) => total + section.size, 0));
  let end = elf.headerSize + programHeaderCount * elf.programHeaderSize;
  const pieces: Piece[] = [];
  const place = (kind: SectionKind, leading: number): MergedSection => {
    end = align(end, kind === 'text' ? 8 : largestAlignment(kept, kind));
    const address = end;
    end += leading;
    for (const one of kept) {
      if (one.kind !== kind) continue;
      end = align(end, kind === 'text' ? 8 : Math.max(1, one.section.alignment));
      pieces.push({ ...one, address: end });
      end += one.section.size;
      checkSize(end);
    }
    return { address, size: end - address };
  };
  const text = place('text', leadingSlots * 8);
  const rodata = place('rodata', 0);
  const relro = place('relro', 0);
  const byObject = new Map<ObjectFile, Map<number, Piece>>();
  for (const piece of pieces) {
    const sections = byObject.get(piece.object) ?? new Map<number, Piece>();
    byObject.set(piece.object, sections.set(piece.section.index, piece));
  }
  return {
    pieces,
    text,
    rodata,
    relro,
    end,
    find: (object, section) => byObject.get(object)?.get(section),
  };
}

function largestAlignment(
  kept: readonly { section: InputSection; kind: SectionKind }[],
  kind: SectionKind,
): number {
  return kept.reduce((most, one) => (one.kind === kind ? Math.max(most, one.section.alignment) : most), 8);
}

/** The least multiple of `alignment`, a power of two, that is not below `value`. */
export function align(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/** CODE_TOO_LARGE when a file of `size` bytes would be above the engine's limit. */
export function checkSize(size: number): void {
  if (size <= maxContractSize) return;
  throw new VmError(
    'CODE_TOO_LARGE',
    `The linked contract needs at least ${size} bytes; the limit is ${maxContractSize}.`,
    {
      hint: 'Optimise for size (-Oz), shorten tables, or split the contract in two.',
    },
  );
}

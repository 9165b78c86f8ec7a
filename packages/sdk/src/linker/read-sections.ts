import { elf } from '@switchyard/tbpf/format';
import { elfObject } from './elf-object-constants.ts';
import { linkError } from './link-error.ts';
import { ObjectBytes, readName } from './object-bytes.ts';

/** A section header of an object, with a view of its bytes (empty for NOBITS). */
export interface InputSection {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly size: number;
  readonly alignment: number;
  readonly link: number;
  readonly info: number;
  readonly bytes: Uint8Array;
}

/** The sections of an object, the first of which is the empty one. Names and contents are inside the file, and do not overlap. */
export function readSections(bytes: ObjectBytes): InputSection[] {
  const { object } = bytes;
  const table = bytes.u64(40, 'ELF header');
  const count = bytes.u16(60, 'ELF header');
  const namesIndex = bytes.u16(62, 'ELF header');
  if (namesIndex === 0 || namesIndex >= count) {
    throw linkError(`there are ${count} sections; number ${namesIndex} cannot hold their names`, {
      object,
      at: 'ELF header',
    });
  }
  const header = (index: number) => table + index * elf.sectionHeaderSize;
  const ranges: FileRange[] = [];
  const contents = (index: number): Uint8Array => {
    const at = `section ${index}`;
    const isEmpty = bytes.u32(header(index) + 4, at) === elf.sectionNoBits || index === 0;
    if (isEmpty) return new Uint8Array(0);
    const offset = bytes.u64(header(index) + 24, at);
    const size = bytes.u64(header(index) + 32, at);
    ranges.push({ index, offset, end: offset + size });
    return bytes.slice(offset, size, at);
  };
  const names = contents(namesIndex);
  if (bytes.u32(header(namesIndex) + 4, 'ELF header') !== elf.sectionStringTable) {
    throw linkError(`section ${namesIndex}, which should hold the names, is not a string table`, {
      object,
      at: 'ELF header',
    });
  }
  ranges.length = 0;
  const sections = Array.from({ length: count }, (_, index) => {
    const at = `section ${index}`;
    const start = header(index);
    return {
      index,
      name: readName(names, bytes.u32(start, at), object, at),
      type: bytes.u32(start + 4, at),
      flags: bytes.u32(start + 8, at),
      size: bytes.u64(start + 32, at),
      alignment: bytes.u64(start + 48, at),
      link: bytes.u32(start + 40, at),
      info: bytes.u32(start + 44, at),
      bytes: contents(index),
    };
  });
  checkOverlaps(object, sections, ranges);
  return sections;
}

interface FileRange {
  readonly index: number;
  readonly offset: number;
  readonly end: number;
}

/** No compiler lets two sections share bytes; a file in which they do was damaged or made to confuse. */
function checkOverlaps(object: string, sections: readonly InputSection[], ranges: FileRange[]): void {
  const filled = ranges.filter(({ offset, end }) => end > offset);
  filled.sort((a, b) => a.offset - b.offset || a.index - b.index);
  for (const [position, range] of filled.entries()) {
    const previous = filled[position - 1];
    if (previous === undefined || range.offset >= previous.end) continue;
    throw linkError(
      `section ${range.index} (${sections[range.index]!.name}) overlaps section ${previous.index} (${sections[previous.index]!.name})`,
      { object, at: `byte ${range.offset}` },
    );
  }
}

/** Sections of which a program keeps one copy, known by the name of a symbol. */
export interface SectionGroup {
  /** Index of the group's own section. */
  readonly index: number;
  readonly signature: string;
  readonly members: readonly number[];
}

/** The COMDAT groups of an object; groups that are not COMDAT mean nothing to a linker that makes no objects. */
export function readGroups(
  object: string,
  sections: readonly InputSection[],
  symbolNameAt: (table: number, index: number) => string | undefined,
): SectionGroup[] {
  return sections
    .filter(({ type }) => type === elfObject.sectionGroup)
    .flatMap((section) => {
      const { index, name, size, link, info } = section;
      const at = `${name}, section ${index}`;
      if (size < 4 || size % 4 !== 0) {
        throw linkError(`a section group of ${size} bytes is not whole words`, { object, at });
      }
      const words = new ObjectBytes(object, section.bytes);
      const members = Array.from({ length: size / 4 - 1 }, (_, entry) => {
        const member = words.u32(4 + entry * 4, at);
        if (member === 0 || member >= sections.length) {
          throw linkError(`entry ${entry} of the group is section ${member}, of ${sections.length}`, {
            object,
            at,
          });
        }
        return member;
      });
      const signature = symbolNameAt(link, info);
      if (signature === undefined) {
        throw linkError(`the group is named by symbol ${info} of section ${link}, which is not there`, {
          object,
          at,
        });
      }
      const isComdat = (words.u32(0, at) & elfObject.groupComdat) !== 0;
      return isComdat ? [{ index, signature, members }] : [];
    });
}

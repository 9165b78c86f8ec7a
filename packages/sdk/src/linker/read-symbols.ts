import { elf } from '@switchyard/tbpf/format';
import { elfObject } from './elf-object-constants.ts';
import { linkError } from './link-error.ts';
import { ObjectBytes, readName } from './object-bytes.ts';
import type { InputSection } from './read-sections.ts';

/** One row of an object's symbol table. */
export interface InputSymbol {
  readonly index: number;
  readonly name: string;
  readonly binding: number;
  readonly type: number;
  readonly visibility: number;
  /** Section index, or one of the reserved numbers. */
  readonly section: number;
  readonly value: number;
  readonly size: number;
}

/** Most symbols that the linker reads from one object. */
export const maxSymbols = 65_536;

/** The rows of a symbol table; each is undefined, in a section that exists, or in one of the reserved ones. */
export function readSymbols(
  object: string,
  sections: readonly InputSection[],
  table: InputSection,
): InputSymbol[] {
  const at = table.name;
  const names = sections[table.link];
  if (names === undefined || names.type !== elf.sectionStringTable) {
    throw linkError(`section ${table.link} is not a string table`, { object, at });
  }
  const count = table.size / elf.symbolSize;
  if (!Number.isInteger(count) || count > maxSymbols) {
    throw linkError(
      `the symbol table has ${table.size} bytes: not whole symbols, or more than ${maxSymbols}`,
      { object, at },
    );
  }
  const bytes = new ObjectBytes(object, table.bytes);
  return Array.from({ length: count }, (_, index) => {
    const place = `symbol ${index}`;
    const start = index * elf.symbolSize;
    const info = bytes.u8(start + 4, place);
    const section = bytes.u16(start + 6, place);
    const name = readName(names.bytes, bytes.u32(start, place), object, place);
    checkSection(object, sections, section, name === '' ? place : `${place} (${name})`);
    return {
      index,
      name,
      binding: info >> 4,
      type: info & 15,
      visibility: bytes.u8(start + 5, place) & 3,
      section,
      value: bytes.u64(start + 8, place),
      size: bytes.u64(start + 16, place),
    };
  });
}

function checkSection(object: string, sections: readonly InputSection[], section: number, at: string): void {
  if (section === elfObject.indexExtended) {
    throw linkError('the object has more sections than the linker reads (SHN_XINDEX)', { object, at });
  }
  if (section >= sections.length && section < elfObject.indexReserved) {
    throw linkError(`the symbol is in section ${section}; there are ${sections.length}`, { object, at });
  }
}

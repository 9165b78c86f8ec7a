import { elf } from '@switchyard/tbpf/format';
import { elfObject } from './elf-object-constants.ts';
import { linkError } from './link-error.ts';
import { ObjectBytes } from './object-bytes.ts';
import type { ObjectFile } from './object-file.ts';
import type { InputSection } from './read-sections.ts';
import type { InputSymbol } from './read-symbols.ts';

/** One relocation of a section, checked: the symbol exists and what it patches at least is inside the section. */
export interface InputRelocation {
  readonly offset: number;
  readonly type: number;
  readonly symbol: InputSymbol;
}

/**
 * The relocations of a section in ascending order of their offset.
 * @param patchSize bytes that every relocation patches at least, and so the least distance between two.
 */
export function relocationsOf(object: ObjectFile, target: InputSection, patchSize = 8): InputRelocation[] {
  const tables = object.relocationTables.get(target.index) ?? [];
  const table = tables[0];
  if (table === undefined) return [];
  const place = { object: object.name, at: table.name };
  if (tables.length > 1) throw linkError(`${target.name} has more than one relocation table`, place);
  if (table.type === elfObject.sectionRelocationsWithAddend) {
    throw linkError('relocations with explicit addends (RELA) are not supported', place);
  }
  if (table.link !== object.symbolTable || object.symbolTable === 0) {
    throw linkError(`the relocations refer to section ${table.link}, which is not the symbol table`, place);
  }
  const count = table.size / elf.relocationSize;
  // One per word bounds the work on a hostile object; a compiler never emits more.
  if (!Number.isInteger(count) || count * patchSize > target.size) {
    throw linkError(
      `a relocation table of ${table.size} bytes does not fit a section of ${target.size} bytes`,
      place,
    );
  }
  const rows = Array.from({ length: count }, (_, index) => readRow(object, target, table, index, patchSize));
  rows.sort((a, b) => a.offset - b.offset);
  rows.forEach((row, index) => {
    const previous = rows[index - 1];
    if (previous !== undefined && row.offset < previous.offset + patchSize) {
      throw linkError(`two relocations overlap at offset 0x${row.offset.toString(16)}`, place);
    }
  });
  return rows;
}

function readRow(
  object: ObjectFile,
  target: InputSection,
  table: InputSection,
  index: number,
  patchSize: number,
): InputRelocation {
  const at = `${table.name}[${index}]`;
  const bytes = new ObjectBytes(object.name, table.bytes);
  const start = index * elf.relocationSize;
  const offset = bytes.u64(start, at);
  const symbolIndex = bytes.u32(start + 12, at);
  const symbol = object.symbols[symbolIndex];
  if (symbol === undefined) {
    throw linkError(`there is no symbol ${symbolIndex}; the table has ${object.symbols.length}`, {
      object: object.name,
      at,
    });
  }
  if (offset + patchSize > target.size) {
    throw linkError(`offset 0x${offset.toString(16)} is outside ${target.name}`, { object: object.name, at });
  }
  return { offset, type: bytes.u32(start + 8, at), symbol };
}

import { elf } from '../../format/elf-constants.ts';
import type { FileTable } from './file-ranges.ts';

/** A symbol table entry (spec §8.1). */
export interface ElfSymbol {
  /** Offset of the name in the string table. */
  readonly nameOffset: number;
  /** Type in the low nibble, binding in the high one. */
  readonly info: number;
  /** Index of the defining section; 0 when undefined. */
  readonly section: number;
  readonly value: bigint;
  /** Bytes; 0 when not known. */
  readonly size: bigint;
}

/** Reads symbol `index` of a table; the index must be below its count. */
export function symbolAt(view: DataView, table: FileTable, index: number): ElfSymbol {
  const at = table.offset + index * elf.symbolSize;
  return {
    nameOffset: view.getUint32(at, true),
    info: view.getUint8(at + 4),
    section: view.getUint16(at + 6, true),
    value: view.getBigUint64(at + 8, true),
    size: view.getBigUint64(at + 16, true),
  };
}

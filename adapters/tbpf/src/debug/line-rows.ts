import { DwarfCursor, DwarfError } from './dwarf-cursor.ts';
import type { LineHeader } from './line-header.ts';

/** A row of a line table: from `address` on the code comes from there, up to the next row. */
export interface LineRow {
  readonly address: number;
  /** Number in the header's files. */
  readonly file: number;
  /** 0 for code that comes from no line. */
  readonly line: number;
  /** From 1; 0 where it is not known. */
  readonly column: number;
  /** True behind the last instruction of a sequence. */
  readonly isEnd: boolean;
}

/** Most rows of a file; ample for 1 MiB of code. */
export const MOST_ROWS = 400_000;

/**
 * Runs a line program (DWARF 5, 6.2.5). A row takes a byte of it at least, so time and memory are bounded by the file's size.
 * @throws DwarfError.
 */
export function readLineRows(section: Uint8Array, header: LineHeader, onRow: (row: LineRow) => void): void {
  const { lineBase, lineRange, opcodeBase, unit } = header;
  const program = new DwarfCursor(section, header.start, header.end);
  let address = 0;
  let file = 1;
  let line = 1;
  let column = 0;
  const row = (isEnd: boolean): void => onRow({ address, file, line, column, isEnd });
  const reset = (): void => {
    address = 0;
    file = 1;
    line = 1;
    column = 0;
  };
  while (program.left > 0) {
    const opcode = program.u8();
    if (opcode >= opcodeBase) {
      const special = opcode - opcodeBase;
      address += unit * Math.floor(special / lineRange);
      line += lineBase + (special % lineRange);
      row(false);
      continue;
    }
    switch (opcode) {
      case 0: {
        const length = program.uleb();
        if (length > program.left) throw new DwarfError('an instruction is longer than its program');
        const end = program.at + length;
        if (length > 0) {
          const extended = program.u8();
          if (extended === 1) {
            row(true);
            reset();
          } else if (extended === 2) {
            if (length !== 9) throw new DwarfError('an address is not of 8 bytes');
            address = program.u64();
          }
        }
        program.at = end;
        break;
      }
      case 1:
        row(false);
        break;
      case 2:
        address += unit * program.uleb();
        break;
      case 3:
        line += program.sleb();
        break;
      case 4:
        file = program.uleb();
        break;
      case 5:
        column = program.uleb();
        break;
      case 8:
        address += unit * Math.floor((255 - opcodeBase) / lineRange);
        break;
      case 9:
        address += program.u16();
        break;
      default:
        // Marks of statements, blocks and prologues, and what is not known: passed over with their operands.
        for (let left = header.operands[opcode - 1] ?? 0; left > 0; left--) program.uleb();
    }
  }
}

import { decodeUtf8Lossy, type SourceLocation } from '@switchyard/core';
import { slotSize } from '../isa/instruction.ts';
import { DwarfCursor, DwarfError } from './dwarf-cursor.ts';
import {
  type LineFile,
  type LineHeader,
  type LineSections,
  readLineHeader,
  type StringPlace,
} from './line-header.ts';
import { type LineRow, MOST_ROWS, readLineRows } from './line-rows.ts';

/** Longest name of a file or a folder that is shown. */
const LONGEST_NAME = 1024;

interface PlacedRow extends LineRow {
  readonly header: LineHeader;
}

/** The lines of one contract's code by slot. */
export interface LineTable {
  locate(pc: number): SourceLocation | undefined;
  /** Files that code comes from, sorted. */
  readonly files: readonly string[];
  /** Different lines that code comes from. */
  readonly lines: number;
  /** Why some of it cannot be read; null when all of it can. */
  readonly note: string | null;
}

/**
 * Reads all line tables. What is malformed ends the reading and is noted; the tables before it count. Sequences that begin outside the
 * code are of code that is not in the file.
 * @param text address and bytes of the code in the file's own terms.
 */
export function readLineTable(
  sections: LineSections,
  text: { readonly address: number; readonly size: number },
): LineTable {
  const rows: PlacedRow[] = [];
  let note: string | null = null;
  try {
    const cursor = new DwarfCursor(sections.line);
    while (cursor.left > 0) readUnit(cursor, sections, text, rows);
  } catch (thrown) {
    if (!(thrown instanceof DwarfError)) throw thrown;
    note = thrown.message;
  }
  // The sort is stable: of rows at one address the last one holds, but an end is none where another sequence begins.
  rows.sort((a, b) => a.address - b.address || Number(b.isEnd) - Number(a.isEnd));
  return summarise(rows, text.address, note);
}

function readUnit(
  cursor: DwarfCursor,
  sections: LineSections,
  { address, size }: { readonly address: number; readonly size: number },
  rows: PlacedRow[],
): void {
  const header = readLineHeader(cursor, sections);
  let sequence: PlacedRow[] = [];
  readLineRows(sections.line, header, (row) => {
    if (rows.length + sequence.length >= MOST_ROWS)
      throw new DwarfError(`there are more than ${MOST_ROWS} rows`);
    sequence.push({ ...row, header });
    if (!row.isEnd) return;
    const first = sequence[0]!.address;
    const isCode = first >= address && first < address + size && row.address <= address + size;
    if (isCode) for (const one of withoutGaps(sequence)) rows.push(one);
    sequence = [];
  });
}

/** Code that the compiler gives to no line counts to the line before it in the same sequence. */
function withoutGaps(sequence: readonly PlacedRow[]): PlacedRow[] {
  let last: PlacedRow | undefined;
  return sequence.map((row) => {
    if (row.line > 0) {
      last = row;
      return row;
    }
    return last === undefined || row.isEnd ? row : { ...last, address: row.address };
  });
}

function summarise(rows: readonly PlacedRow[], textAddress: number, note: string | null): LineTable {
  const names = new Map<LineFile, string>();
  const nameOf = ({ header, file }: PlacedRow): string | undefined => {
    const found = header.files.get(file);
    if (found === undefined) return undefined;
    const known = names.get(found) ?? pathOf(found);
    names.set(found, known);
    return known;
  };
  const seen = new Set<string>();
  const files = new Set<string>();
  for (const row of rows) {
    const name = row.isEnd || row.line <= 0 ? undefined : nameOf(row);
    if (name === undefined) continue;
    files.add(name);
    seen.add(`${row.line} ${name}`);
  }
  return {
    note,
    files: [...files].sort(),
    lines: seen.size,
    locate(pc) {
      const row = lastUpTo(rows, textAddress + pc * slotSize);
      if (row === undefined || row.isEnd || !isLine(row.line)) return undefined;
      const file = nameOf(row);
      if (file === undefined) return undefined;
      return { file, line: row.line, ...(row.column > 0 ? { column: row.column } : {}) };
    },
  };
}

function isLine(line: number): boolean {
  return line > 0 && line <= 0xffff_ffff;
}

function pathOf({ name, folder }: LineFile): string {
  const file = textOf(name);
  const path = folder === undefined || file.startsWith('/') ? file : `${textOf(folder)}/${file}`;
  return path.replace(/^\.\//, '').replaceAll('\\', '/');
}

function textOf({ bytes, at }: StringPlace): string {
  const most = bytes.subarray(at, at + LONGEST_NAME);
  const end = most.indexOf(0);
  return decodeUtf8Lossy(end < 0 ? most : most.subarray(0, end));
}

function lastUpTo(rows: readonly PlacedRow[], address: number): PlacedRow | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.address <= address) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1];
}

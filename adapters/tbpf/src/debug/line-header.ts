import { DwarfCursor, DwarfError } from './dwarf-cursor.ts';

/** The debug sections that line tables need. Absent ones are empty. */
export interface LineSections {
  readonly line: Uint8Array;
  readonly lineStrings: Uint8Array;
  readonly strings: Uint8Array;
}

/** A string in a section, which is read when somebody asks: a hostile table may name a long one often. */
export interface StringPlace {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** A file of a line table. */
export interface LineFile {
  readonly name: StringPlace;
  /** Its folder; undefined for that of the compilation. */
  readonly folder: StringPlace | undefined;
}

/** What a line program is run with. */
export interface LineHeader {
  readonly version: number;
  /** Bytes of the smallest instruction. */
  readonly unit: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Number of operands by standard opcode; index 0 is opcode 1. */
  readonly operands: readonly number[];
  /** By number as the program has it: from 1 in version 4, from 0 in version 5. */
  readonly files: ReadonlyMap<number, LineFile>;
  /** The program, within the section. */
  readonly start: number;
  readonly end: number;
}

/** Most files of one table; a contract has a few. */
const MOST_FILES = 4096;

const content = { path: 1, folder: 2 } as const;

/** Reads the header of the table at the cursor and moves it behind the whole table. @throws DwarfError; the cursor may then be anywhere. */
export function readLineHeader(cursor: DwarfCursor, sections: LineSections): LineHeader {
  const length = cursor.u32();
  if (length >= 0xffff_fff0) throw new DwarfError('64-bit DWARF is not read');
  if (length > cursor.left) throw new DwarfError('a line table is longer than its section');
  const end = cursor.at + length;
  const unit = new DwarfCursor(sections.line, cursor.at, end);
  cursor.at = end;
  const version = unit.u16();
  if (version !== 4 && version !== 5) throw new DwarfError(`line tables of version ${version} are not read`);
  if (version === 5) {
    const addressSize = unit.u8();
    const segmentSize = unit.u8();
    if (addressSize !== 8 || segmentSize !== 0) throw new DwarfError('addresses are not of 8 bytes');
  }
  const headerLength = unit.u32();
  const start = unit.at + headerLength;
  if (start > end) throw new DwarfError('a header is longer than its table');
  const header = new DwarfCursor(sections.line, unit.at, start);
  const unitBytes = header.u8();
  if (header.u8() !== 1) throw new DwarfError('instructions are not one operation each');
  header.skip(1); // Whether rows are statements by default: all rows count.
  const lineBase = header.i8();
  const lineRange = header.u8();
  const opcodeBase = header.u8();
  if (lineRange === 0 || opcodeBase === 0) throw new DwarfError('the line range or the opcode base is 0');
  const operands = Array.from({ length: opcodeBase - 1 }, () => header.u8());
  const files = version === 4 ? filesOf4(header, sections) : filesOf5(header, sections);
  return { version, unit: unitBytes, lineBase, lineRange, opcodeBase, operands, files, start, end };
}

function filesOf4(header: DwarfCursor, { line }: LineSections): Map<number, LineFile> {
  const strings = (): StringPlace | undefined => {
    const at = header.string();
    return line[at] === 0 ? undefined : { bytes: line, at };
  };
  const folders: StringPlace[] = [];
  for (let folder = strings(); folder !== undefined; folder = strings()) folders.push(folder);
  const files = new Map<number, LineFile>();
  for (let name = strings(); name !== undefined; name = strings()) {
    const folder = header.uleb();
    header.uleb(); // Time and length of the file.
    header.uleb();
    checkCount(files.size);
    files.set(files.size + 1, { name, folder: folder === 0 ? undefined : folders[folder - 1] });
  }
  return files;
}

function filesOf5(header: DwarfCursor, sections: LineSections): Map<number, LineFile> {
  const folders = readEntries(header, sections).map(({ path }) => path);
  const files = new Map<number, LineFile>();
  for (const [index, { path, folder }] of readEntries(header, sections).entries()) {
    // Folder 0 is that of the compilation.
    if (path !== undefined)
      files.set(index, { name: path, folder: folder === 0 ? undefined : folders[folder] });
  }
  return files;
}

interface Entry {
  readonly path: StringPlace | undefined;
  readonly folder: number;
}

/** A table of version 5 whose rows are as its own format says: pairs of a content type and a form. */
function readEntries(header: DwarfCursor, sections: LineSections): Entry[] {
  const format = Array.from({ length: header.u8() }, () => ({ type: header.uleb(), form: header.uleb() }));
  const count = header.uleb();
  // A row without a byte would cost nothing, however many there are.
  if (count > 0 && (format.length === 0 || count > header.left))
    throw new DwarfError('a table of files is too long');
  const entries: Entry[] = [];
  for (let index = 0; index < count; index++) {
    checkCount(entries.length);
    let path: StringPlace | undefined;
    let folder = 0;
    for (const { type, form } of format) {
      const value = readForm(header, form, sections);
      if (type === content.path && typeof value === 'object') path = value;
      if (type === content.folder && typeof value === 'number') folder = value;
    }
    entries.push({ path, folder });
  }
  return entries;
}

function checkCount(count: number): void {
  if (count >= MOST_FILES) throw new DwarfError(`there are more than ${MOST_FILES} files in one table`);
}

/** A value by its form (DWARF 5, table 7.6); what is neither a number nor a string is passed over. @throws DwarfError for unknown forms. */
function readForm(
  header: DwarfCursor,
  form: number,
  sections: LineSections,
): StringPlace | number | undefined {
  switch (form) {
    case 0x08:
      return { bytes: sections.line, at: header.string() };
    case 0x0e:
      return { bytes: sections.strings, at: header.u32() };
    case 0x1f:
      return { bytes: sections.lineStrings, at: header.u32() };
    case 0x0b:
      return header.u8();
    case 0x05:
      return header.u16();
    case 0x06:
      return header.u32();
    case 0x07:
      return header.u64();
    case 0x0f:
      return header.uleb();
    case 0x0d:
      return header.sleb();
    case 0x1e: // data16, such as an MD5
      header.skip(16);
      return undefined;
    case 0x09: // block
      header.skip(header.uleb());
      return undefined;
    case 0x0a: // block1
      header.skip(header.u8());
      return undefined;
    default:
      throw new DwarfError(`form 0x${form.toString(16)} is not read`);
  }
}

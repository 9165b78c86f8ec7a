import { encodeUtf8 } from '@switchyard/tbpf/format';
import { StringTable } from './string-table.ts';

/** A section of an object under test; defaults: PROGBITS, alignment 8, no relocations. */
export interface TestSection {
  readonly name: string;
  readonly flags: number;
  readonly bytes: readonly number[];
  readonly type?: number;
  /** Size in the header, where it is not the length of the bytes. */
  readonly size?: number;
  readonly alignment?: number;
  /** `sh_link` and `sh_info`; default 0. */
  readonly link?: number;
  readonly info?: number;
  /** Offset, type, index of the symbol (1 is the first of `symbols`). */
  readonly relocations?: readonly (readonly [offset: number, type: number, symbol: number])[];
}

/** A symbol; sections count from 1 in the order of `sections`. Default: global function in section 1 at 0. */
export interface TestSymbol {
  readonly name: string;
  readonly binding?: number;
  readonly type?: number;
  readonly section?: number;
  readonly value?: number;
  readonly size?: number;
  readonly visibility?: number;
}

export const CODE = 6;
export const CONSTANT = 2;
export const WRITABLE = 3;
export const UNDEFINED = 0;

/** Instruction slots by opcode, registers byte, offset and immediate. */
export function slots(...rows: readonly (readonly [number, number?, number?, number?])[]): number[] {
  const bytes = new Uint8Array(rows.length * 8);
  const view = new DataView(bytes.buffer);
  rows.forEach(([opcode, registers = 0, offset = 0, imm = 0], index) => {
    view.setUint8(index * 8, opcode);
    view.setUint8(index * 8 + 1, registers);
    view.setInt16(index * 8 + 2, offset, true);
    view.setInt32(index * 8 + 4, imm, true);
  });
  return [...bytes];
}

export const EXIT = [0x95] as const;
export const RETURN_0 = slots([0xb7], EXIT);
/** A call as the compiler leaves it for the linker. */
export const CALL = [0x85, 0x10, 0, -1] as const;

/** Builds a relocatable BPF object: sections as given, relocation tables, symbol table, string tables. */
export function buildObject(sections: readonly TestSection[], symbols: readonly TestSymbol[]): Uint8Array {
  const names = new StringTable();
  const strings = new StringTable();
  const rows: {
    name: string;
    type: number;
    flags: number;
    bytes: Uint8Array;
    size: number;
    link: number;
    info: number;
    alignment: number;
  }[] = [];
  const relocated = sections.flatMap((section, index) =>
    section.relocations === undefined ? [] : [{ section, target: index + 1, list: section.relocations }],
  );
  const symbolTable = 1 + sections.length + relocated.length;
  for (const section of sections) {
    rows.push({
      name: section.name,
      type: section.type ?? 1,
      flags: section.flags,
      bytes: section.type === 8 ? new Uint8Array(0) : Uint8Array.from(section.bytes),
      size: section.size ?? section.bytes.length,
      link: section.link ?? 0,
      info: section.info ?? 0,
      alignment: section.alignment ?? 8,
    });
  }
  for (const { section, target, list } of relocated) {
    const bytes = new Uint8Array(list.length * 16);
    const view = new DataView(bytes.buffer);
    list.forEach(([offset, type, symbol], index) => {
      view.setUint32(index * 16, offset, true);
      view.setUint32(index * 16 + 8, type, true);
      view.setUint32(index * 16 + 12, symbol, true);
    });
    rows.push({
      name: `.rel${section.name}`,
      type: 9,
      flags: 0,
      bytes,
      size: bytes.length,
      link: symbolTable,
      info: target,
      alignment: 8,
    });
  }
  const table = new Uint8Array((symbols.length + 1) * 24);
  const tableView = new DataView(table.buffer);
  symbols.forEach((symbol, index) => {
    const at = (index + 1) * 24;
    tableView.setUint32(at, strings.add(symbol.name), true);
    tableView.setUint8(
      at + 4,
      ((symbol.binding ?? 1) << 4) | (symbol.type ?? (symbol.section === UNDEFINED ? 0 : 2)),
    );
    tableView.setUint8(at + 5, symbol.visibility ?? 0);
    tableView.setUint16(at + 6, symbol.section ?? 1, true);
    tableView.setUint32(at + 8, symbol.value ?? 0, true);
    tableView.setUint32(at + 16, symbol.size ?? 0, true);
  });
  const tail = { flags: 0, link: 0, info: 0, alignment: 1 };
  rows.push({
    ...tail,
    name: '.symtab',
    type: 2,
    bytes: table,
    size: table.length,
    link: symbolTable + 1,
    info: 1,
  });
  rows.push({ ...tail, name: '.strtab', type: 3, bytes: strings.bytes(), size: strings.bytes().length });
  for (const { name } of rows) names.add(name);
  names.add('.shstrtab');
  rows.push({ ...tail, name: '.shstrtab', type: 3, bytes: names.bytes(), size: names.bytes().length });
  return writeObject(rows, names);
}

function writeObject(
  rows: readonly {
    name: string;
    type: number;
    flags: number;
    bytes: Uint8Array;
    size: number;
    link: number;
    info: number;
    alignment: number;
  }[],
  names: StringTable,
): Uint8Array {
  let end = 64;
  const offsets = rows.map(({ bytes }) => {
    const at = Math.ceil(end / 8) * 8;
    end = at + bytes.length;
    return at;
  });
  const headers = Math.ceil(end / 8) * 8;
  const file = new Uint8Array(headers + (rows.length + 1) * 64);
  const view = new DataView(file.buffer);
  file.set([0x7f, ...encodeUtf8('ELF'), 2, 1, 1]);
  view.setUint16(16, 1, true);
  view.setUint16(18, 247, true);
  view.setUint32(20, 1, true);
  view.setUint32(40, headers, true);
  view.setUint16(52, 64, true);
  view.setUint16(58, 64, true);
  view.setUint16(60, rows.length + 1, true);
  view.setUint16(62, rows.length, true);
  rows.forEach((row, index) => {
    file.set(row.bytes, offsets[index]!);
    const at = headers + (index + 1) * 64;
    view.setUint32(at, names.add(row.name), true);
    view.setUint32(at + 4, row.type, true);
    view.setUint32(at + 8, row.flags, true);
    view.setUint32(at + 24, offsets[index]!, true);
    view.setUint32(at + 32, row.size, true);
    view.setUint32(at + 40, row.link, true);
    view.setUint32(at + 44, row.info, true);
    view.setUint32(at + 48, row.alignment, true);
  });
  return file;
}

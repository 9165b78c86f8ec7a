import { elf, elfMagic } from '@switchyard/tbpf/format';
import { elfObject } from './elf-object-constants.ts';
import { linkError } from './link-error.ts';
import { ObjectBytes, readName } from './object-bytes.ts';

/** One input of the linker: the bytes of a relocatable BPF object and the name by which errors call it. */
export interface LinkInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

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

/** A parsed object. Nothing in it is copied from the input's bytes. */
export interface ObjectFile {
  readonly name: string;
  readonly sections: readonly InputSection[];
  readonly symbols: readonly InputSymbol[];
  /** Index of the symbol table's section; 0 when there is none. */
  readonly symbolTable: number;
  /** Relocation tables by the index of the section which they patch. */
  readonly relocationTables: ReadonlyMap<number, readonly InputSection[]>;
}

/** Largest object that the linker reads: 16 MiB, ample for 1 MiB of code with debug information. */
export const maxObjectSize = 16 * 1024 * 1024;

/** Most symbols that the linker reads from one object. */
export const maxSymbols = 65_536;

/** Parses a relocatable BPF object; anything else, or anything malformed, is LINK_FAILED. */
export function parseObject(input: LinkInput): ObjectFile {
  const object = input.name;
  if (input.bytes.length > maxObjectSize) {
    throw linkError(`the object has ${input.bytes.length} bytes, more than ${maxObjectSize}`, {
      object,
      at: 'file',
    });
  }
  const bytes = new ObjectBytes(object, input.bytes);
  checkHeader(bytes);
  const sections = readSections(bytes);
  const tables = sections.filter((section) => section.type === elf.sectionSymbolTable);
  if (tables.length > 1) {
    throw linkError('there is more than one symbol table', { object, at: `section ${tables[1]!.index}` });
  }
  const table = tables[0];
  return {
    name: object,
    sections,
    symbols: table === undefined ? [] : readSymbols(object, sections, table),
    symbolTable: table?.index ?? 0,
    relocationTables: relocationTables(sections),
  };
}

function relocationTables(sections: readonly InputSection[]): Map<number, InputSection[]> {
  const tables = new Map<number, InputSection[]>();
  for (const section of sections) {
    const { type, info } = section;
    if (type !== elf.sectionRelocations && type !== elfObject.sectionRelocationsWithAddend) continue;
    const others = tables.get(info);
    if (others === undefined) tables.set(info, [section]);
    else others.push(section);
  }
  return tables;
}

function checkHeader(bytes: ObjectBytes): void {
  const at = 'ELF header';
  const { object } = bytes;
  const hint = 'Give relocatable objects as `clang -target bpf -mcpu=v2 -c` makes them.';
  const isElf =
    bytes.length >= elf.headerSize && elfMagic.every((byte, index) => bytes.u8(index, at) === byte);
  if (!isElf) throw linkError('this is not an ELF object', { object, at, hint });
  if (bytes.u8(4, at) !== elf.class64 || bytes.u8(5, at) !== elf.dataLittleEndian) {
    throw linkError('the object is not 64-bit little-endian', { object, at, hint });
  }
  const type = bytes.u16(16, at);
  if (type !== elfObject.typeRelocatable) {
    const found = type === elf.typeDynamic ? 'already linked' : `of ELF type ${type}`;
    throw linkError(`the file is ${found}; a relocatable object (type 1) is needed`, { object, at, hint });
  }
  const machine = bytes.u16(18, at);
  if (machine !== elf.machineBpf) {
    throw linkError(`the object is for machine ${machine}, not for BPF (${elf.machineBpf})`, {
      object,
      at,
      hint,
    });
  }
  if (bytes.u16(58, at) !== elf.sectionHeaderSize) {
    throw linkError(`section headers have ${bytes.u16(58, at)} bytes, not ${elf.sectionHeaderSize}`, {
      object,
      at,
    });
  }
}

function readSections(bytes: ObjectBytes): InputSection[] {
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
  const contents = (index: number): Uint8Array => {
    const at = `section ${index}`;
    const isEmpty = bytes.u32(header(index) + 4, at) === elf.sectionNoBits || index === 0;
    return isEmpty
      ? new Uint8Array(0)
      : bytes.slice(bytes.u64(header(index) + 24, at), bytes.u64(header(index) + 32, at), at);
  };
  const names = contents(namesIndex);
  return Array.from({ length: count }, (_, index) => {
    const at = `section ${index}`;
    const start = header(index);
    return {
      index,
      name: readName(names, bytes.u32(start, at), object, at),
      type: bytes.u32(start + 4, at),
      flags: bytes.u32(start + 8, at),
      size: bytes.u64(start + 32, at),
      link: bytes.u32(start + 40, at),
      info: bytes.u32(start + 44, at),
      alignment: bytes.u64(start + 48, at),
      bytes: contents(index),
    };
  });
}

function readSymbols(object: string, sections: readonly InputSection[], table: InputSection): InputSymbol[] {
  const at = table.name;
  const names = sections[table.link];
  if (names === undefined || names.type !== elf.sectionStringTable) {
    throw linkError(`section ${table.link} is not a string table`, { object, at });
  }
  const count = table.size / elf.symbolSize;
  if (!Number.isInteger(count) || count > maxSymbols) {
    throw linkError(
      `the symbol table has ${table.size} bytes: not whole symbols, or more than ${maxSymbols}`,
      {
        object,
        at,
      },
    );
  }
  const bytes = new ObjectBytes(object, table.bytes);
  return Array.from({ length: count }, (_, index) => {
    const place = `symbol ${index}`;
    const start = index * elf.symbolSize;
    const info = bytes.u8(start + 4, place);
    return {
      index,
      name: readName(names.bytes, bytes.u32(start, place), object, place),
      binding: info >> 4,
      type: info & 15,
      visibility: bytes.u8(start + 5, place) & 3,
      section: bytes.u16(start + 6, place),
      value: bytes.u64(start + 8, place),
      size: bytes.u64(start + 16, place),
    };
  });
}

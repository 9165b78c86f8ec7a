import { elf, elfMagic } from '@switchyard/tbpf/format';
import { elfObject } from './elf-object-constants.ts';
import { linkError } from './link-error.ts';
import { ObjectBytes } from './object-bytes.ts';
import { type InputSection, readGroups, readSections, type SectionGroup } from './read-sections.ts';
import { type InputSymbol, readSymbols } from './read-symbols.ts';

/** One input of the linker: the bytes of a relocatable BPF object or of an archive, and the name by which errors call it. */
export interface LinkInput {
  readonly name: string;
  readonly bytes: Uint8Array;
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
  readonly groups: readonly SectionGroup[];
  /** Sections that are left out because an earlier object has the same group. */
  readonly discarded: ReadonlySet<number>;
}

/** Largest object that the linker reads: 16 MiB, ample for 1 MiB of code with debug information. */
export const maxObjectSize = 16 * 1024 * 1024;

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
  const symbols = table === undefined ? [] : readSymbols(object, sections, table);
  return {
    name: object,
    sections,
    symbols,
    symbolTable: table?.index ?? 0,
    relocationTables: relocationTables(object, sections),
    groups: readGroups(object, sections, (section, index) =>
      section === table?.index ? signatureOf(symbols[index], sections) : undefined,
    ),
    discarded: new Set(),
  };
}

/** The name that identifies a group: that of a symbol, or of the section that a nameless symbol stands for. */
function signatureOf(symbol: InputSymbol | undefined, sections: readonly InputSection[]): string | undefined {
  return symbol?.type === elfObject.symbolSection ? sections[symbol.section]?.name : symbol?.name;
}

function relocationTables(object: string, sections: readonly InputSection[]): Map<number, InputSection[]> {
  const tables = new Map<number, InputSection[]>();
  for (const section of sections) {
    const { type, info, index, name } = section;
    if (type !== elf.sectionRelocations && type !== elfObject.sectionRelocationsWithAddend) continue;
    if (info === 0 || info >= sections.length) {
      throw linkError(`the table relocates section ${info}, of ${sections.length}`, {
        object,
        at: `${name}, section ${index}`,
      });
    }
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
  const fail = (message: string) => linkError(message, { object, at, hint });
  if (!elfMagic.every((byte, index) => index < bytes.length && bytes.u8(index, at) === byte)) {
    throw fail('this is not an ELF object');
  }
  if (bytes.length < elf.headerSize) {
    throw fail(`the file has ${bytes.length} bytes, less than an ELF header (${elf.headerSize})`);
  }
  if (bytes.u8(4, at) !== elf.class64) throw fail('the object is not a 64-bit one');
  if (bytes.u8(5, at) !== elf.dataLittleEndian) {
    throw fail('the object is big-endian; contracts are little-endian (-target bpf or bpfel)');
  }
  const type = bytes.u16(16, at);
  if (type !== elfObject.typeRelocatable) {
    const found = type === elf.typeDynamic ? 'already linked' : `of ELF type ${type}`;
    throw fail(`the file is ${found}; a relocatable object (type 1) is needed`);
  }
  const machine = bytes.u16(18, at);
  if (machine !== elf.machineBpf) {
    throw fail(`the object is for machine ${machine}, not for BPF (${elf.machineBpf})`);
  }
  if (bytes.u16(58, at) !== elf.sectionHeaderSize) {
    throw fail(`section headers have ${bytes.u16(58, at)} bytes, not ${elf.sectionHeaderSize}`);
  }
}

import { elf } from '@switchyard/tbpf/format';
import type { DebugSection } from './debug-sections.ts';
import { createDebugSections, createDynamicSections } from './dynamic-sections.ts';
import { ElfFile, type OutputSection, type Segment } from './elf-file.ts';
import type { NamedFunction } from './exported-functions.ts';
import type { Layout } from './layout.ts';
import type { Image } from './linked-image.ts';
import { writeStrictElf } from './write-strict-elf.ts';

/** What goes into the file besides the image itself. */
export interface ElfContents {
  readonly layout: Layout;
  readonly image: Image;
  readonly exported: readonly NamedFunction[];
  /** Functions for `.symtab`; undefined leaves out those that are not exported. */
  readonly debug: readonly NamedFunction[] | undefined;
  /** Sections that are not loaded, behind all others. */
  readonly debugInfo: readonly DebugSection[];
  readonly entryAddress: number;
}

/** Writes the loadable file of the layout's version. */
export function writeElf(contents: ElfContents): Uint8Array {
  return contents.layout.version === 0 ? writeLenientElf(contents) : writeStrictElf(contents);
}

/** The file of V0 (tbpf.md §8.4): the image, the dynamic tables, with debug symbols a symbol table. */
function writeLenientElf(contents: ElfContents): Uint8Array {
  const { layout, image } = contents;
  const file = new ElfFile(layout, image.bytes);
  const tables = createDynamicSections(contents.exported, image.relocations);
  const symbolsIndex = file.sections.length;
  const symbols = file.append('.dynsym', elf.sectionDynamicSymbols, tables.symbols, true, {
    link: symbolsIndex + 1,
    info: tables.firstGlobal,
    entrySize: elf.symbolSize,
  });
  const strings = file.append('.dynstr', elf.sectionStringTable, tables.strings, true, { alignment: 1 });
  const dynamic: [number, number][] = [];
  // A DT_REL of size 0 is an error to the loader (§8.4.2), so a file without relocations has none.
  if (tables.relocations.length > 0) {
    const relocations = file.append('.rel.dyn', elf.sectionRelocations, tables.relocations, true, {
      link: symbolsIndex,
      entrySize: elf.relocationSize,
    });
    dynamic.push([elf.dynamicRelocations, relocations.address]);
    dynamic.push([elf.dynamicRelocationsSize, relocations.size]);
    dynamic.push([elf.dynamicRelocationSize, elf.relocationSize]);
  }
  dynamic.push([elf.dynamicSymbolTable, symbols.address], [elf.dynamicSymbolSize, elf.symbolSize]);
  dynamic.push([elf.dynamicStringTable, strings.address], [elf.dynamicStringSize, strings.size]);
  dynamic.push([elf.dynamicNull, 0]);
  const dynamicTable = file.append('.dynamic', elf.sectionDynamic, encodePairs(dynamic), true, {
    link: symbolsIndex + 1,
    entrySize: elf.dynamicSize,
  });
  if (contents.debug !== undefined) {
    const debug = createDebugSections(contents.debug);
    const link = file.sections.length + 1;
    file.append('.symtab', elf.sectionSymbolTable, debug.symbols, false, {
      link,
      info: debug.firstGlobal,
      entrySize: elf.symbolSize,
    });
    file.append('.strtab', elf.sectionStringTable, debug.strings, false, { alignment: 1 });
  }
  file.appendDebugInfo(contents.debugInfo);
  return file.finish({
    version: 0,
    entryAddress: contents.entryAddress,
    segments: lenientSegments(layout, dynamicTable),
  });
}

function encodePairs(pairs: readonly [number, number][]): Uint8Array {
  const bytes = new Uint8Array(pairs.length * elf.dynamicSize);
  const view = new DataView(bytes.buffer);
  pairs.forEach(([tag, value], index) => {
    view.setUint32(index * elf.dynamicSize, tag, true);
    view.setUint32(index * elf.dynamicSize + 8, value, true);
  });
  return bytes;
}

function lenientSegments({ text }: Layout, dynamicTable: OutputSection): Segment[] {
  const segment = (type: number, flags: number, offset: number, size: number): Segment => {
    return { type, flags, offset, address: offset, fileSize: size, memorySize: size };
  };
  // Read-only data and the dynamic tables: other tools look up the tables' addresses in a segment.
  const rest = text.offset + text.size;
  const end = dynamicTable.offset + dynamicTable.size;
  return [
    segment(elf.segmentLoad, elf.segmentRead | elf.segmentExecute, text.offset, text.size),
    segment(elf.segmentLoad, elf.segmentRead, rest, end - rest),
    segment(elf.segmentDynamic, elf.segmentRead, dynamicTable.offset, dynamicTable.size),
  ];
}

import { addressMap, elf } from '@switchyard/tbpf/format';
import { createStaticSections } from './dynamic-sections.ts';
import { ElfFile, type Segment } from './elf-file.ts';
import type { ElfContents } from './write-elf.ts';

/**
 * The file of V3 (tbpf.md §8.3): the image, then a symbol table in which the entries are found. The loader changes nothing in it, so there
 * are no relocations.
 */
export function writeStrictElf(contents: ElfContents): Uint8Array {
  const { layout, image } = contents;
  const file = new ElfFile(layout, image.bytes);
  const tables = createStaticSections(contents.exported, contents.debug ?? []);
  const link = file.sections.length + 1;
  file.append('.symtab', elf.sectionSymbolTable, tables.symbols, false, {
    link,
    info: tables.firstGlobal,
    entrySize: elf.symbolSize,
  });
  file.append('.strtab', elf.sectionStringTable, tables.strings, false, { alignment: 1 });
  file.appendDebugInfo(contents.debugInfo);
  const { text, end } = layout;
  const load = (flags: number, address: bigint, offset: number, size: number): Segment => {
    const fields = { offset, address: Number(address), fileSize: size, memorySize: size };
    return { type: elf.segmentLoad, flags, ...fields };
  };
  const data = text.offset + text.size;
  const writable = elf.segmentRead | elf.segmentWrite;
  return file.finish({
    version: 3,
    entryAddress: contents.entryAddress,
    segments: [
      load(elf.segmentExecute, 0n, text.offset, text.size),
      load(elf.segmentRead, addressMap.program, data, end - data),
      // The machine makes them; the file has nothing of them.
      load(writable, addressMap.stack, text.offset, 0),
      load(writable, addressMap.heap, text.offset, 0),
    ],
  });
}

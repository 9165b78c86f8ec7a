import { elf } from '../../format/elf-constants.ts';
import type { ElfProgramHeader, ElfSectionHeader } from '../elf/container-reader.ts';
import { checkedAdd, type FileTable, symbolTableAt, tableAt } from '../elf/file-ranges.ts';
import { failToParse, optional } from '../load-failure.ts';

/** What the dynamic table points at; absent parts do not exist in the file. */
export interface DynamicParts {
  readonly relocations: FileTable | undefined;
  readonly dynamicSymbols: FileTable | undefined;
}

/** Parses the dynamic table (spec §8.4.2); throws `LoadFailure`. */
export function parseDynamicTable(
  fileSize: number,
  view: DataView,
  programs: readonly ElfProgramHeader[],
  sections: readonly ElfSectionHeader[],
): DynamicParts {
  const table = findDynamicTable(fileSize, programs, sections);
  if (table === undefined) return { relocations: undefined, dynamicSymbols: undefined };
  const values = readDynamicValues(view, table);
  return {
    relocations: findRelocations(fileSize, values, programs, sections),
    dynamicSymbols: findDynamicSymbols(fileSize, values, sections),
  };
}

function findDynamicTable(
  fileSize: number,
  programs: readonly ElfProgramHeader[],
  sections: readonly ElfSectionHeader[],
): FileTable | undefined {
  const segment = programs.find((program) => program.type === elf.segmentDynamic);
  if (segment !== undefined) {
    // Any failure of the segment is ignored: old toolchains wrote invalid ones.
    const table = optional(() => tableAt(fileSize, segment.offset, segment.fileSize, elf.dynamicSize));
    if (table !== undefined) return table;
  }
  const section = sections.find(({ type }) => type === elf.sectionDynamic);
  if (section === undefined) return undefined;
  return (
    optional(() => tableAt(fileSize, section.offset, section.size, elf.dynamicSize)) ?? failToParse('DYN')
  );
}

/** Value of each tag; a tag that is missing has value 0, of a repeated tag the last entry counts. */
function readDynamicValues(view: DataView, table: FileTable): readonly bigint[] {
  const values = new Array<bigint>(elf.dynamicTagLimit).fill(0n);
  for (let index = 0; index < table.count; index++) {
    const at = table.offset + index * elf.dynamicSize;
    const tag = view.getBigUint64(at, true);
    if (tag === BigInt(elf.dynamicNull)) break;
    if (tag < BigInt(elf.dynamicTagLimit)) values[Number(tag)] = view.getBigUint64(at + 8, true);
  }
  return values;
}

function findRelocations(
  fileSize: number,
  values: readonly bigint[],
  programs: readonly ElfProgramHeader[],
  sections: readonly ElfSectionHeader[],
): FileTable | undefined {
  const address = values[elf.dynamicRelocations]!;
  const size = values[elf.dynamicRelocationsSize]!;
  if (address === 0n) return undefined;
  if (values[elf.dynamicRelocationSize] !== BigInt(elf.relocationSize) || size === 0n) failToParse('DYN');
  const offset = relocationOffset(address, programs, sections);
  checkedAdd(offset, size);
  return optional(() => tableAt(fileSize, offset, size, elf.relocationSize)) ?? failToParse('DYN');
}

function relocationOffset(
  address: bigint,
  programs: readonly ElfProgramHeader[],
  sections: readonly ElfSectionHeader[],
): bigint {
  for (const program of programs) {
    const end = checkedAdd(program.virtualAddress, program.memorySize);
    if (address >= program.virtualAddress && address < end) {
      return checkedAdd(address - program.virtualAddress, program.offset);
    }
  }
  const section = sections.find((candidate) => candidate.address === address);
  return section === undefined ? failToParse('DYN') : section.offset;
}

function findDynamicSymbols(
  fileSize: number,
  values: readonly bigint[],
  sections: readonly ElfSectionHeader[],
): FileTable | undefined {
  const address = values[elf.dynamicSymbolTable]!;
  if (address === 0n) return undefined;
  const section = sections.find((candidate) => candidate.address === address);
  return section === undefined ? failToParse('DYN') : symbolTableAt(fileSize, section);
}

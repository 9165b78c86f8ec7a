import { addressMap, elf } from '../format/elf-constants.ts';
import { isFunctionStart, slotSize } from '../isa/instruction.ts';
import type { AssembledProgram } from './assemble.ts';
import { failAssembly } from './assembly-failure.ts';
import { firstSectionOffset, symbolTable, unmapped, type WrittenSymbol, writeElf } from './elf-writer.ts';
import { exportedFunctions } from './exported-labels.ts';

const SEGMENTS = 4;

/**
 * Wraps an assembled V3 or V4 program into a strict ELF file (spec §8.3): the four segments; then `.text`, constants if there are any, and a
 * `.symtab` in which the entries are found. Throws `AssemblyFailure` when the loader would refuse the entry.
 */
export function toStrictElf(program: AssembledProgram): Uint8Array {
  const { text, version, entryPc } = program;
  if (text.length === 0) failAssembly('An ELF file needs at least one instruction');
  if (!isFunctionStart(text, entryPc)) {
    failAssembly(
      `The entry, slot ${entryPc}, is not a function start: in v${version} that is add64 r10, imm`,
    );
  }
  const offset = firstSectionOffset(SEGMENTS);
  const constants = constantsOf(program);
  const constantsOffset = constants.length === 0 ? offset : offset + text.length;
  const symbols = exportedFunctions(program)
    .filter(({ pc }) => isFunctionStart(text, pc))
    .map(({ name, pc, slots, isLocal }): WrittenSymbol => {
      return { name, section: 1, value: pc * slotSize, size: slots * slotSize, isLocal };
    });
  const { table, names } = symbolTable(symbols);
  const writable = elf.segmentRead | elf.segmentWrite;
  return writeElf({
    machine: elf.machineTbpf,
    version,
    entry: entryPc * slotSize,
    segments: [
      { flags: elf.segmentExecute, address: 0n, offset, size: text.length },
      {
        flags: elf.segmentRead,
        address: addressMap.program,
        offset: constantsOffset,
        size: constants.length,
      },
      { flags: writable, address: addressMap.stack, offset, size: 0 },
      { flags: writable, address: addressMap.heap, offset, size: 0 },
    ],
    sections: [
      unmapped('.text', elf.sectionProgramBits, text),
      ...(constants.length === 0 ? [] : [unmapped('.rodata', elf.sectionProgramBits, constants)]),
      unmapped('.symtab', elf.sectionSymbolTable, table, {
        link: '.strtab',
        info: symbols.filter(({ isLocal }) => isLocal).length + 1,
        entrySize: elf.symbolSize,
      }),
      unmapped('.strtab', elf.sectionStringTable, names),
    ].map((section) => {
      if (section.name === '.text') return { ...section, flags: elf.flagAllocate | elf.flagExecute };
      return section.name === '.rodata' ? { ...section, flags: elf.flagAllocate } : section;
    }),
  });
}

/** The constants, filled up to whole words; they lie at one fixed address. */
function constantsOf({ data, version }: AssembledProgram): Uint8Array {
  const parts = data.filter(({ bytes }) => bytes.length > 0);
  const [part] = parts;
  if (part === undefined) return new Uint8Array(0);
  if (parts.length > 1 || part.address !== addressMap.program) {
    failAssembly(`In v${version} there is one .rodata, at 0x${addressMap.program.toString(16)}`);
  }
  const bytes = new Uint8Array(Math.ceil(part.bytes.length / slotSize) * slotSize);
  bytes.set(part.bytes);
  return bytes;
}

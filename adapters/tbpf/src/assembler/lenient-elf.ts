import { elf, relocationTypes } from '../format/elf-constants.ts';
import { opcodeAt, slotSize, writeImm } from '../isa/instruction.ts';
import { noSyscalls, type SyscallKeys } from '../loader/syscall-keys.ts';
import type { AssembledProgram } from './assemble.ts';
import { failAssembly } from './assembly-failure.ts';
import { fileOffsetOf } from './directives.ts';
import {
  sectionOffsets,
  symbolTable,
  type WrittenSection,
  type WrittenSymbol,
  writeElf,
} from './elf-writer.ts';
import { exportedFunctions } from './exported-labels.ts';

const CALL = 0x85;
const NOT_RELOCATED = -1;
/** The key of a call that no relocation touched. */
const UNRESOLVED_KEY = 0xffff_ffff;

/** Longest symbol name, in UTF-16 units, that the loader is sure to take (63 bytes). */
const LONGEST_NAME = 63;

/**
 * Wraps an assembled V0–V2 program into a lenient ELF file (spec §8.4). Calls of functions become relative again, as the loader's
 * first pass wants them; syscalls, calls of the entry by its name, and calls of a function by itself, whose relative form −1 means
 * "not relocated", get a relocation by symbol. Code and data lie where the source says: a file offset is the address less 2^32. Throws `AssemblyFailure` for a syscall whose name is not known.
 */
export function toLenientElf(program: AssembledProgram, syscalls: SyscallKeys = noSyscalls): Uint8Array {
  const { version, entryPc } = program;
  if (program.text.length === 0) failAssembly('An ELF file needs at least one instruction');
  const text = program.text.slice();
  const textOffset = program.textAddress === undefined ? elf.headerSize : fileOffsetOf(program.textAddress);
  const addressOf = (pc: number): number => textOffset + pc * slotSize;
  const loaded = [
    mapped('.text', elf.sectionProgramBits, text, {
      at: textOffset,
      flags: elf.flagAllocate | elf.flagExecute,
    }),
    ...program.data
      .filter(({ bytes }) => bytes.length > 0)
      .map(({ address, bytes }) =>
        mapped('.rodata', elf.sectionProgramBits, bytes, { at: fileOffsetOf(address) }),
      ),
  ].sort((left, right) => left.at! - right.at!);
  const section = loaded.findIndex(({ name }) => name === '.text') + 1;
  const functions = exportedFunctions(program);
  const symbols: WrittenSymbol[] = functions.map(({ name, pc, slots, isLocal }) => {
    return { name, section, value: addressOf(pc), size: slots * slotSize, isLocal };
  });
  const firstGlobal = functions.filter(({ isLocal }) => isLocal).length + 1;
  const relocations = relocate({ program, text, symbols, syscalls, section, addressOf });
  for (const { name } of symbols) {
    if (name.length > LONGEST_NAME) failAssembly(`Symbol name too long ${name}`);
  }
  const { table, names } = symbolTable(symbols);
  const fixed: readonly WrittenSection[] = [
    ...loaded,
    mapped('.dynsym', elf.sectionDynamicSymbols, table, {
      link: '.dynstr',
      info: firstGlobal,
      entrySize: elf.symbolSize,
    }),
    mapped('.dynstr', elf.sectionStringTable, names),
  ];
  const sections =
    relocations.length === 0
      ? fixed
      : [
          ...fixed,
          mapped('.rel.dyn', elf.sectionRelocations, relocationTable(relocations, addressOf), {
            link: '.dynsym',
            entrySize: elf.relocationSize,
          }),
        ];
  const offsets = sectionOffsets(0, sections);
  const dynamic = mapped(
    '.dynamic',
    elf.sectionDynamic,
    dynamicTable(offsets.slice(loaded.length), relocations.length),
    {
      link: '.dynstr',
      entrySize: elf.dynamicSize,
    },
  );
  return writeElf({
    machine: elf.machineBpf,
    version,
    entry: addressOf(entryPc),
    segments: [],
    sections: [...sections, dynamic],
  });
}

interface Relocation {
  readonly pc: number;
  /** Index in the symbol table, where 0 is the null symbol. */
  readonly symbol: number;
}

interface RelocatedText {
  readonly program: AssembledProgram;
  /** Rewritten. */
  readonly text: Uint8Array;
  /** Grows by what the relocations need. */
  readonly symbols: WrittenSymbol[];
  readonly syscalls: SyscallKeys;
  /** Index of the text section. */
  readonly section: number;
  addressOf(pc: number): number;
}

/** Rewrites the calls of the text, adds the symbols that they need, and lists the sites to relocate. */
function relocate(context: RelocatedText): readonly Relocation[] {
  const { program, text, symbols, syscalls, section, addressOf } = context;
  const relocations: Relocation[] = [];
  const indices = new Map(symbols.map(({ name, value }, index) => [`${name} ${value}`, index + 1]));
  const indexOf = (symbol: WrittenSymbol): number => {
    const key = `${symbol.name} ${symbol.value}`;
    const index = indices.get(key) ?? symbols.push(symbol);
    indices.set(key, index);
    return index;
  };
  const functionNames = new Map(
    symbols.filter(({ name }) => name !== 'entrypoint').map(({ name, value }) => [value, name]),
  );
  const slotCount = text.length / slotSize;
  for (let pc = 0; pc < slotCount; pc++) {
    if (opcodeAt(text, pc) !== CALL) continue;
    const call =
      program.calls.get(pc) ??
      failAssembly(
        `Slot ${pc} holds the bytes of a call as data, which the loader of a v${program.version} ELF file would change`,
      );
    if (call.kind === 'function' && call.target !== pc && !call.byEntryName) {
      writeImm(text, pc, call.target - pc - 1);
      continue;
    }
    writeImm(text, pc, NOT_RELOCATED);
    if (call.kind === 'syscall' && call.name === undefined && call.key === UNRESOLVED_KEY) continue;
    const symbol =
      call.kind === 'function'
        ? {
            name: call.byEntryName
              ? 'entrypoint'
              : (functionNames.get(addressOf(call.target)) ?? `function_${call.target}`),
            section,
            value: addressOf(call.target),
            size: slotSize,
          }
        : { name: nameOf(call.name, call.key, syscalls), section: 0, value: 0, size: 0 };
    relocations.push({ pc, symbol: indexOf(symbol) });
  }
  return relocations;
}

function nameOf(name: string | undefined, key: number, syscalls: SyscallKeys): string {
  const known = name ?? syscalls.name(key);
  return known ?? failAssembly(`Syscall ${key} has no known name, so a v0 to v2 ELF file cannot refer to it`);
}

function mapped(
  name: string,
  type: number,
  bytes: Uint8Array,
  extra: Partial<WrittenSection> = {},
): WrittenSection {
  return { name, type, flags: elf.flagAllocate, bytes, mapped: true, ...extra };
}

function relocationTable(relocations: readonly Relocation[], addressOf: (pc: number) => number): Uint8Array {
  const table = new Uint8Array(elf.relocationSize * relocations.length);
  const view = new DataView(table.buffer);
  for (const [index, { pc, symbol }] of relocations.entries()) {
    const at = elf.relocationSize * index;
    view.setBigUint64(at, BigInt(addressOf(pc)), true);
    view.setUint32(at + 8, relocationTypes.call, true);
    view.setUint32(at + 12, symbol, true);
  }
  return table;
}

function dynamicTable([symbols, strings, relocations]: readonly number[], count: number): Uint8Array {
  const entries: (readonly [tag: number, value: number])[] = [
    [elf.dynamicSymbolTable, symbols!],
    [elf.dynamicSymbolSize, elf.symbolSize],
    [elf.dynamicStringTable, strings!],
  ];
  if (count > 0) {
    entries.push([elf.dynamicRelocations, relocations!]);
    entries.push([elf.dynamicRelocationsSize, count * elf.relocationSize]);
    entries.push([elf.dynamicRelocationSize, elf.relocationSize]);
  }
  entries.push([elf.dynamicNull, 0]);
  const table = new Uint8Array(elf.dynamicSize * entries.length);
  const view = new DataView(table.buffer);
  for (const [index, [tag, value]] of entries.entries()) {
    view.setBigUint64(elf.dynamicSize * index, BigInt(tag), true);
    view.setBigUint64(elf.dynamicSize * index + 8, BigInt(value), true);
  }
  return table;
}

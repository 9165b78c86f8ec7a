import {
  codeHash,
  decodeUtf8Lossy,
  type InspectedSection,
  type InspectedSymbol,
  type InspectionReport,
} from '@switchyard/core';
import { containerReader } from '#container-reader';
import type { TbpfConfig } from './config.ts';
import { debugInfoOf } from './debug/debug-info.ts';
import { foreignFile } from './foreign-file.ts';
import { elf } from './format/elf-constants.ts';
import { immAt, opcodeAt, srcAt } from './isa/instruction.ts';
import { featuresOf } from './isa/version.ts';
import type { ElfContainer } from './loader/elf/container-reader.ts';
import { stringAt } from './loader/elf/file-ranges.ts';
import { type ContractSymbols, readSymbols } from './loader/entries.ts';
import type { Executable } from './loader/executable.ts';
import { loadElf } from './loader/load.ts';
import { optional } from './loader/load-failure.ts';
import type { SyscallTable } from './syscalls/syscall.ts';
import { verify } from './verifier/verify.ts';

const SECTION_NAME_LIMIT = 64;
const CALL = 0x85;
const LDDW = 0x18;

/** Describes a TBPF ELF file without running it; a file that does not load is described as far as its container can be read. */
export function inspectElf(code: Uint8Array, config: TbpfConfig, syscalls: SyscallTable): InspectionReport {
  const container = containerReader.read(code);
  const common = {
    engine: 'tbpf',
    size: code.length,
    codeHash: codeHash(code),
    sections: container === undefined ? [] : sectionsOf(code, container),
  };
  const loaded = loadElf(code, syscalls, config);
  if (!loaded.ok) {
    return {
      ...common,
      format: container === undefined ? 'not an ELF file' : `ELF, e_flags ${container.header.flags}`,
      instructions: 0,
      symbols: [],
      entries: [],
      hooks: [],
      syscalls: [],
      valid: false,
      verdict: foreignFile(code)?.what ?? loaded.error.detail,
    };
  }
  const { executable } = loaded;
  const refused = verify(executable.text, executable.version, syscalls);
  const contractSymbols = readSymbols(code, executable);
  const { entries, wanted } = contractSymbols;
  const debug = debugInfoOf(code);
  return {
    ...common,
    format: `TBPF ELF v${executable.version}`,
    instructions: Math.floor(executable.text.length / 8),
    symbols: symbolsOf(contractSymbols),
    entries: ascending(entries.entries.keys()),
    hooks: ascending(entries.hooks.keys()),
    syscalls: syscallsOf(executable, syscalls, wanted),
    valid: refused === undefined,
    verdict: refused?.detail ?? null,
    ...(debug === undefined ? {} : { debug: debug.report() }),
  };
}

function ascending(ids: Iterable<number>): readonly number[] {
  return [...ids].sort((a, b) => a - b);
}

/** What can be called, and the static functions where the file has a symbol table. */
function symbolsOf({ entries, functions }: ContractSymbols): readonly InspectedSymbol[] {
  const symbols: InspectedSymbol[] = [{ name: 'entrypoint', kind: 'entry', position: entries.default }];
  for (const [id, position] of entries.entries)
    symbols.push({ name: `entry_${id}`, kind: 'entry', position });
  for (const [id, position] of entries.hooks) symbols.push({ name: `hook_${id}`, kind: 'hook', position });
  for (const [name, position] of entries.functions) symbols.push({ name, kind: 'function', position });
  const listed = new Set(symbols.map(({ name, position }) => `${position} ${name}`));
  for (const { name, pc: position } of functions) {
    if (!listed.has(`${position} ${name}`)) symbols.push({ name, kind: 'function', position });
  }
  return symbols.sort((a, b) => a.position - b.position || (a.name < b.name ? -1 : 1));
}

/** Syscalls that the text calls, by name where this engine knows the key; sorted, each once. */
function syscallsOf(
  { text, version, functions }: Executable,
  syscalls: SyscallTable,
  wanted: ReadonlyMap<number, string>,
): readonly string[] {
  const features = featuresOf(version);
  const names = new Set<string>();
  const slots = Math.floor(text.length / 8);
  for (let pc = 0; pc < slots; pc++) {
    const opcode = opcodeAt(text, pc);
    if (opcode === LDDW && !features.lddwRemoved) pc++;
    if (opcode !== CALL) continue;
    const key = immAt(text, pc) >>> 0;
    const isFunction = features.staticSyscalls ? srcAt(text, pc) === 1 : functions.get(key) !== undefined;
    if (syscalls.has(key) ? features.staticSyscalls && isFunction : isFunction) continue;
    names.add(syscalls.name(key) ?? wanted.get(key) ?? `0x${key.toString(16).padStart(8, '0')}`);
  }
  return [...names].sort();
}

function sectionsOf(code: Uint8Array, container: ElfContainer): readonly InspectedSection[] {
  const { header, sectionHeaders } = container;
  const names = sectionHeaders[header.sectionNamesIndex];
  return sectionHeaders
    .filter((section) => section.type !== elf.sectionNull)
    .map((section) => {
      const bytes =
        names === undefined
          ? undefined
          : optional(() => stringAt(code, names, section.nameOffset, SECTION_NAME_LIMIT));
      return {
        name: bytes === undefined ? '?' : decodeUtf8Lossy(bytes),
        address: section.address,
        offset: Number(section.offset),
        size: Number(section.size),
        access: accessOf(section.flags),
      };
    });
}

const FLAG_WRITE = 1n;
const FLAG_ALLOC = 2n;
const FLAG_EXECUTE = 4n;

function accessOf(flags: bigint): string {
  if ((flags & FLAG_ALLOC) === 0n) return 'not loaded';
  const parts = ['read'];
  if ((flags & FLAG_WRITE) !== 0n) parts.push('write');
  if ((flags & FLAG_EXECUTE) !== 0n) parts.push('execute');
  return parts.join('+');
}

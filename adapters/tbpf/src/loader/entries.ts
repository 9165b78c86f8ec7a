import { decodeUtf8Lossy } from '@switchyard/core';
import { containerReader } from '#container-reader';
import { addressMap, elf } from '../format/elf-constants.ts';
import { syscallKey } from '../format/murmur3.ts';
import { isFunctionStart, slotSize } from '../isa/instruction.ts';
import { featuresOf } from '../isa/version.ts';
import type { ElfContainer, ElfContainerReader, ElfSectionHeader } from './elf/container-reader.ts';
import { stringAt, tableAt } from './elf/file-ranges.ts';
import { type ElfSymbol, symbolAt } from './elf/symbol.ts';
import type { Executable } from './executable.ts';
import { optional } from './load-failure.ts';

/** Where the entries of a contract start, in slots. */
export interface EntryTable {
  /** The symbol `entrypoint`, else the file's own entry. */
  readonly default: number;
  /** `entry_N` by N, a u16. */
  readonly entries: ReadonlyMap<number, number>;
  /** `hook_N` by N, a u8. */
  readonly hooks: ReadonlyMap<number, number>;
  /** Every other exported function by name. */
  readonly functions: ReadonlyMap<string, number>;
}

/** A function that a symbol table names, exported or not. */
export interface FunctionSymbol {
  readonly name: string;
  readonly pc: number;
  /** Slots that the symbol says it covers; 0 when it does not say. */
  readonly slots: number;
  /** A static function, which cannot be called from outside. */
  readonly isLocal: boolean;
}

/** What the symbol tables of a file name. */
export interface ContractSymbols {
  readonly entries: EntryTable;
  /** Every defined function, in the order of the tables; one with the same name and slot once. */
  readonly functions: readonly FunctionSymbol[];
  /** Names of undefined dynamic symbols, which the contract wants from the host, by the key of a call. */
  readonly wanted: ReadonlyMap<number, string>;
}

/** Bytes of the longest symbol name that is looked at, with its NUL. */
const symbolNameLimit = 256;

/** Longest name that the loader looks up in a call. */
const wantedNameLimit = 63;

/**
 * Finds the entries of a loaded ELF file: names of `.dynsym` first, then of `.symtab`; of two symbols
 * with one name the first counts. Symbols that are undefined, malformed, misaligned or outside the
 * text are ignored, in V3+ also those that are not on a function start marker. Never throws.
 */
export function findEntries(
  bytes: Uint8Array,
  executable: Executable,
  reader: ElfContainerReader = containerReader,
): EntryTable {
  return readSymbols(bytes, executable, reader).entries;
}

/** Reads both symbol tables of a loaded ELF file: entries as `findEntries`, and the names of all functions. Never throws. */
export function readSymbols(
  bytes: Uint8Array,
  executable: Executable,
  reader: ElfContainerReader = containerReader,
): ContractSymbols {
  const collected: Collected = { entries: new Map(), functions: new Map(), wanted: new Map() };
  const container = reader.read(bytes);
  if (container !== undefined) {
    for (const table of symbolTables(container)) collect(bytes, container, table, executable, collected);
  }
  const entries = new Map<number, number>();
  const hooks = new Map<number, number>();
  const functions = new Map<string, number>();
  for (const [name, pc] of collected.entries) {
    const numbered = parseNumbered(name);
    if (name === 'entrypoint') continue;
    if (numbered === undefined) functions.set(name, pc);
    else if (numbered.kind === 'entry') entries.set(numbered.id, pc);
    else hooks.set(numbered.id, pc);
  }
  const entryPc = collected.entries.get('entrypoint') ?? executable.entryPc;
  return {
    entries: { default: entryPc, entries, hooks, functions },
    functions: [...collected.functions.values()],
    wanted: collected.wanted,
  };
}

/** What the tables have given so far. */
interface Collected {
  readonly entries: Map<string, number>;
  /** By name and slot. */
  readonly functions: Map<string, FunctionSymbol>;
  readonly wanted: Map<number, string>;
}

const highestId = { entry: 0xffff, hook: 0xff } as const;

/** Reads `entry_N` and `hook_N`, N in decimal without leading zeros; a number that does not fit is no match. */
function parseNumbered(name: string): { kind: 'entry' | 'hook'; id: number } | undefined {
  const match = /^(entry|hook)_(0|[1-9]\d{0,4})$/.exec(name);
  if (match === null) return undefined;
  const kind = match[1] as 'entry' | 'hook';
  const id = Number(match[2]);
  return id <= highestId[kind] ? { kind, id } : undefined;
}

/** The first dynamic and the first static symbol table; more would only cost time. */
function symbolTables({ sectionHeaders }: ElfContainer): readonly ElfSectionHeader[] {
  return [elf.sectionDynamicSymbols, elf.sectionSymbolTable].flatMap((type) => {
    const section = sectionHeaders.find((candidate) => candidate.type === type);
    return section === undefined ? [] : [section];
  });
}

function collect(
  bytes: Uint8Array,
  { sectionHeaders }: ElfContainer,
  section: ElfSectionHeader,
  executable: Executable,
  { entries, functions, wanted }: Collected,
): void {
  const table = optional(() => tableAt(bytes.length, section.offset, section.size, elf.symbolSize));
  const names = sectionHeaders[section.link];
  if (table === undefined || names === undefined) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 1; index < table.count; index++) {
    const symbol = symbolAt(view, table, index);
    const isWanted = symbol.section === 0 && section.type === elf.sectionDynamicSymbols;
    const pc = slotOf(symbol, executable);
    if (pc === undefined && !isWanted) continue;
    const name = optional(() => decodeUtf8Lossy(stringAt(bytes, names, symbol.nameOffset, symbolNameLimit)));
    if (name === undefined || name === '') continue;
    if (pc === undefined) {
      if (name.length <= wantedNameLimit) wanted.set(syscallKey(name), name);
      continue;
    }
    const isLocal = isLocalSymbol(symbol);
    const isFunction = (symbol.info & 15) === elf.symbolFunction;
    const key = `${pc} ${name}`;
    if (isFunction && !functions.has(key)) {
      functions.set(key, { name, pc, slots: slotsOf(symbol, executable), isLocal });
    }
    if (entries.has(name) || (isLocal && name !== 'entrypoint' && parseNumbered(name) === undefined))
      continue;
    entries.set(name, pc);
  }
}

/** Slots that a symbol covers, at most all. */
function slotsOf({ size }: ElfSymbol, { text }: Executable): number {
  const most = BigInt(text.length);
  return Math.ceil(Number(size > most ? most : size) / slotSize);
}

/** A static function: not to be called from outside unless its name says that it is an entry. */
function isLocalSymbol(symbol: ElfSymbol): boolean {
  return symbol.info >> 4 === 0;
}

/** Slot of a defined function symbol, if it is one that can be entered. */
function slotOf(symbol: ElfSymbol, { version, text, textAddress }: Executable): number | undefined {
  const type = symbol.info & 15;
  if (symbol.section === 0 || (type !== elf.symbolFunction && type !== elf.symbolNoType)) return undefined;
  const { lowBytecodeAddress, stricterVerification } = featuresOf(version);
  // Symbol values of V0-V2 are addresses before the text is moved by 2^32.
  const offset = symbol.value - (lowBytecodeAddress ? textAddress : textAddress - addressMap.program);
  if (offset < 0n || offset + BigInt(slotSize) > BigInt(text.length) || offset % BigInt(slotSize) !== 0n) {
    return undefined;
  }
  const pc = Number(offset) / slotSize;
  return stricterVerification && !isFunctionStart(text, pc) ? undefined : pc;
}

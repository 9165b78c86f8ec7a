import { decodeUtf8Lossy } from '@switchyard/core';
import { containerReader } from '#container-reader';
import { addressMap, elf } from '../format/elf-constants.ts';
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

/** Bytes of the longest symbol name that is looked at, with its NUL. */
const symbolNameLimit = 256;

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
  const found = new Map<string, number>();
  const container = reader.read(bytes);
  if (container !== undefined) {
    for (const table of symbolTables(container)) collect(bytes, container, table, executable, found);
  }
  const entries = new Map<number, number>();
  const hooks = new Map<number, number>();
  const functions = new Map<string, number>();
  for (const [name, pc] of found) {
    const numbered = parseNumbered(name);
    if (name === 'entrypoint') continue;
    if (numbered === undefined) functions.set(name, pc);
    else if (numbered.kind === 'entry') entries.set(numbered.id, pc);
    else hooks.set(numbered.id, pc);
  }
  return { default: found.get('entrypoint') ?? executable.entryPc, entries, hooks, functions };
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
  found: Map<string, number>,
): void {
  const table = optional(() => tableAt(bytes.length, section.offset, section.size, elf.symbolSize));
  const names = sectionHeaders[section.link];
  if (table === undefined || names === undefined) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 1; index < table.count; index++) {
    const symbol = symbolAt(view, table, index);
    const pc = slotOf(symbol, executable);
    if (pc === undefined) continue;
    const name = optional(() => decodeUtf8Lossy(stringAt(bytes, names, symbol.nameOffset, symbolNameLimit)));
    if (name === undefined || name === '' || found.has(name)) continue;
    if (isLocal(symbol) && name !== 'entrypoint' && parseNumbered(name) === undefined) continue;
    found.set(name, pc);
  }
}

/** A static function: not to be called from outside unless its name says that it is an entry. */
function isLocal(symbol: ElfSymbol): boolean {
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

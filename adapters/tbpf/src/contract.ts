import { type CompiledCodeCache, codeHash, type EntryPoint, VmError } from '@switchyard/core';
import { codeError } from './code-errors.ts';
import type { TbpfConfig } from './config.ts';
import { type DebugInfo, debugInfoOf } from './debug/debug-info.ts';
import { FunctionIndex } from './function-index.ts';
import { type Program, predecode } from './interpreter/program.ts';
import { type EntryTable, readSymbols } from './loader/entries.ts';
import { loadElf } from './loader/load.ts';
import type { SyscallTable } from './syscalls/syscall.ts';
import { TieredProgram } from './tiering/tiered-program.ts';
import { verify } from './verifier/verify.ts';

/** A contract that has been loaded, verified and decoded. Immutable; serves many runs. */
export interface Contract {
  readonly program: Program;
  readonly entries: EntryTable;
  /** Names of what can be called, for messages. Made once: a call of a missing entry is cheap for a contract. */
  readonly entryList: string;
  /** Functions that have a name, for fault reports. */
  readonly functions: FunctionIndex;
  /** Source lines, for fault reports; undefined where the file has none. */
  readonly debug: DebugInfo | undefined;
  /** Names of what the contract wants from the host, by the key of a call. */
  readonly wanted: ReadonlyMap<number, string>;
  /** How far it has come up the tiers. */
  readonly tiered: TieredProgram;
  /** Roughly what it holds in memory, for the module cache. */
  readonly bytes: number;
}

/**
 * Loads a contract, or says in a VmError CODE_INVALID why the file is refused.
 * @param cache where compiled code of it is kept.
 */
export function loadContract(
  code: Uint8Array,
  config: TbpfConfig,
  syscalls: SyscallTable,
  heapBytes: number,
  cache?: CompiledCodeCache,
): Contract | VmError {
  const loaded = loadElf(code, syscalls, config);
  if (!loaded.ok) return codeError(loaded.error, syscalls, code);
  const { executable } = loaded;
  const refused = verify(executable.text, executable.version, syscalls);
  if (refused !== undefined) return codeError(refused, syscalls);
  const program = predecode(executable, syscalls);
  const debug = debugInfoOf(code);
  // Debug information is read from the file itself, which then stays.
  const files = debug === undefined ? code.length : 2 * code.length;
  const bytes = files + program.code.byteLength + program.immediates.byteLength;
  const symbols = readSymbols(code, executable);
  const { entries, wanted } = symbols;
  const functions = new FunctionIndex(symbols);
  const keeper = cache && { cache, codeHash: codeHash(code) };
  const tiered = new TieredProgram(program, heapBytes, entrySlots(entries), keeper);
  return { program, entries, entryList: listEntries(entries), functions, debug, wanted, tiered, bytes };
}

/** Every slot at which a call can start. */
function entrySlots(entries: EntryTable): ReadonlySet<number> {
  return new Set([
    entries.default,
    ...entries.entries.values(),
    ...entries.hooks.values(),
    ...entries.functions.values(),
  ]);
}

/** The slot at which an entry starts, or the error ENTRY_NOT_FOUND that lists what there is. */
export function entryPcOf(contract: Contract, entry: EntryPoint): number | VmError {
  const pc = lookUp(contract.entries, entry);
  if (pc !== undefined) return pc;
  return new VmError(
    'ENTRY_NOT_FOUND',
    `the contract has no ${entryName(entry)}; it has ${contract.entryList}.`,
  );
}

function lookUp(entries: EntryTable, entry: EntryPoint): number | undefined {
  switch (entry.kind) {
    case 'default':
      return entries.default;
    case 'entry':
      return entries.entries.get(entry.id);
    case 'hook':
      return entries.hooks.get(entry.id);
    case 'function':
      return entry.name === 'entrypoint' ? entries.default : namedEntry(entries, entry.name);
  }
}

function namedEntry(entries: EntryTable, name: string): number | undefined {
  const numbered = /^(entry|hook)_(\d+)$/.exec(name);
  if (numbered === null) return entries.functions.get(name);
  const table = numbered[1] === 'entry' ? entries.entries : entries.hooks;
  const id = Number(numbered[2]);
  return String(id) === numbered[2] ? table.get(id) : undefined;
}

/** The symbol that an entry point stands for. */
export function entryName(entry: EntryPoint): string {
  switch (entry.kind) {
    case 'default':
      return 'entrypoint';
    case 'entry':
    case 'hook':
      return `${entry.kind}_${entry.id}`;
    case 'function':
      return `function "${entry.name}"`;
  }
}

const MOST_LISTED = 12;

function listEntries(entries: EntryTable): string {
  const names = ['entrypoint'];
  for (const id of [...entries.entries.keys()].sort((a, b) => a - b)) names.push(`entry_${id}`);
  for (const id of [...entries.hooks.keys()].sort((a, b) => a - b)) names.push(`hook_${id}`);
  names.push(...[...entries.functions.keys()].sort());
  const more = names.length - MOST_LISTED;
  return more > 0 ? `${names.slice(0, MOST_LISTED).join(', ')} and ${more} more` : names.join(', ');
}

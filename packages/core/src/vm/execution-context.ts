import { MAX_U64, ZERO_32 } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import type { VmEventBus } from '../events/event-bus.ts';
import type { CallHost } from './call-host.ts';
import { noCallHost } from './call-host.ts';
import type { RunObserver } from './run-observer.ts';
import type { TraceRequest } from './trace.ts';

/** Where a run starts. `default` is the symbol `entrypoint`, or the code's own start; `entry` is a u16, `hook` a u8. */
export type EntryPoint =
  | { readonly kind: 'default' }
  | { readonly kind: 'entry'; readonly id: number }
  | { readonly kind: 'hook'; readonly id: number }
  | { readonly kind: 'function'; readonly name: string };

/** An amount (u64, smallest units) of an asset (32 bytes). */
export interface AssetAmount {
  readonly asset: Uint8Array;
  readonly amount: bigint;
}

/** The block a call runs in. Everything that a contract can see of time and chance comes from here. */
export interface BlockInfo {
  /** 32 bytes. */
  readonly hash: Uint8Array;
  readonly height: bigint;
  /** Height in the topological order of a block DAG; equals `height` on a plain chain. */
  readonly topoheight: bigint;
  /** Seconds since 1970, as the block says. */
  readonly timestamp: bigint;
  readonly gasLimit: bigint;
  readonly baseFee: bigint;
  /** Address (32 bytes) that receives the producer's share of fees. */
  readonly coinbase: Uint8Array;
  /** 32 bytes. */
  readonly prevRandao: Uint8Array;
  readonly chainId: bigint;
  readonly network: string;
}

/** The transaction a call belongs to. */
export interface TransactionInfo {
  /** 32 bytes. */
  readonly hash: Uint8Array;
  /** Address (32 bytes) that signed. */
  readonly sender: Uint8Array;
  readonly nonce: bigint;
}

/**
 * All that a run may know of its surroundings. Built by `createContext`, frozen. Addresses and hashes are 32 bytes (an EVM address:
 * 12 zero bytes + 20); gas, amounts and heights are u64 as bigint. Byte arrays belong to the caller and are never written.
 */
export interface ExecutionContext {
  /** Whose storage and balance the run uses. */
  readonly contract: Uint8Array;
  /** Whose code runs; differs from `contract` in a delegate call only. */
  readonly codeAddress: Uint8Array;
  /** Immediate caller. */
  readonly caller: Uint8Array;
  /** Sender of the transaction. */
  readonly origin: Uint8Array;
  /** Native value given with the call, already moved by the environment. */
  readonly value: bigint;
  /** Other assets given with the call, already moved by the environment. */
  readonly deposits: readonly AssetAmount[];
  readonly input: Uint8Array;
  readonly entry: EntryPoint;
  readonly gasLimit: bigint;
  readonly gasPrice: bigint;
  /** 0 for a transaction's own call. */
  readonly callDepth: number;
  /** True in a read-only call and all its children. */
  readonly isStatic: boolean;
  /** Lets logs be printed; never changes a result. */
  readonly debug: boolean;
  readonly block: BlockInfo;
  readonly tx: TransactionInfo;
  /** How the engine calls another contract, on whatever engine that runs. */
  readonly host: CallHost;
  /** Listeners; absent means nobody listens, and it costs nothing. */
  readonly events: VmEventBus | undefined;
  /** Asks for a step trace on the reference tier. */
  readonly trace: TraceRequest | undefined;
  /** Watches the run from inside; its steps on the reference tier. */
  readonly observer: RunObserver | undefined;
}

/** What a caller of `createContext` may give; the rest takes safe defaults. */
export type PartialContext = Partial<Omit<ExecutionContext, 'block' | 'tx'>> & {
  readonly block?: Partial<BlockInfo>;
  readonly tx?: Partial<TransactionInfo>;
};

const DEFAULT_BLOCK: BlockInfo = Object.freeze({
  hash: ZERO_32,
  height: 0n,
  topoheight: 0n,
  timestamp: 0n,
  gasLimit: MAX_U64,
  baseFee: 0n,
  coinbase: ZERO_32,
  prevRandao: ZERO_32,
  chainId: 0n,
  network: 'devnet',
});

const EMPTY = new Uint8Array(0);
const DEFAULT_ENTRY: EntryPoint = Object.freeze({ kind: 'default' });
const NO_DEPOSITS: readonly AssetAmount[] = Object.freeze([]);

/** TBPF's default compute budget (tos-syscalls.md, "Budgets"), used when a context names no gas limit. */
export const DEFAULT_GAS_LIMIT = 200_000n;

/**
 * A frozen context from the given fields and safe defaults: no value, empty input, default entry, zero addresses, 200,000 gas, a
 * host that refuses cross-contract calls. Without `codeAddress`, `origin` or `tx.sender` these follow `contract` and `caller`.
 * @throws VmError CONTEXT_INVALID naming the field that has a wrong length or range.
 */
export function createContext(partial: PartialContext = {}): ExecutionContext {
  const contract = partial.contract ?? ZERO_32;
  const caller = partial.caller ?? ZERO_32;
  const block =
    partial.block === undefined ? DEFAULT_BLOCK : Object.freeze({ ...DEFAULT_BLOCK, ...partial.block });
  const context: ExecutionContext = {
    contract,
    codeAddress: partial.codeAddress ?? contract,
    caller,
    origin: partial.origin ?? caller,
    value: partial.value ?? 0n,
    deposits: partial.deposits ?? NO_DEPOSITS,
    input: partial.input ?? EMPTY,
    entry: partial.entry ?? DEFAULT_ENTRY,
    gasLimit: partial.gasLimit ?? DEFAULT_GAS_LIMIT,
    gasPrice: partial.gasPrice ?? 0n,
    callDepth: partial.callDepth ?? 0,
    isStatic: partial.isStatic ?? false,
    debug: partial.debug ?? false,
    block,
    tx: Object.freeze({ hash: ZERO_32, sender: partial.origin ?? caller, nonce: 0n, ...partial.tx }),
    host: partial.host ?? noCallHost,
    events: partial.events,
    trace: partial.trace,
    observer: partial.observer,
  };
  checkContext(context);
  return Object.freeze(context);
}

function checkContext(context: ExecutionContext): void {
  check32('contract', context.contract);
  checkBytes('input', context.input);
  check32('codeAddress', context.codeAddress);
  check32('caller', context.caller);
  check32('origin', context.origin);
  check32('tx.hash', context.tx.hash);
  check32('tx.sender', context.tx.sender);
  check32('block.hash', context.block.hash);
  check32('block.coinbase', context.block.coinbase);
  checkU64('value', context.value);
  checkU64('gasLimit', context.gasLimit);
  checkU64('gasPrice', context.gasPrice);
  checkU64('block.height', context.block.height);
  checkU64('block.timestamp', context.block.timestamp);
  for (const [index, deposit] of context.deposits.entries()) {
    check32(`deposits[${index}].asset`, deposit.asset);
    checkU64(`deposits[${index}].amount`, deposit.amount);
  }
  checkEntry(context.entry);
}

/** @throws VmError CONTEXT_INVALID naming the field unless it is an array of 32 bytes. JavaScript callers have no type checker. */
export function check32(field: string, bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array)) throw wrongField(field, '32 bytes', bytes);
  if (bytes.length !== 32) {
    throw new VmError('CONTEXT_INVALID', `${field}: expected 32 bytes, found ${bytes.length}.`);
  }
}

/** @throws VmError CONTEXT_INVALID naming the field unless it is an array of bytes. */
export function checkBytes(field: string, bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array)) throw wrongField(field, 'a Uint8Array', bytes);
}

function checkU64(field: string, value: bigint): void {
  if (typeof value !== 'bigint') throw wrongField(field, 'a bigint', value);
  if (value < 0n || value > MAX_U64) {
    throw new VmError('CONTEXT_INVALID', `${field}: expected 0 to 2^64 − 1, found ${value}.`);
  }
}

function wrongField(field: string, expected: string, found: unknown): VmError {
  const what = typeof found === 'object' ? (found === null ? 'null' : 'an object') : `a ${typeof found}`;
  return new VmError(
    'CONTEXT_INVALID',
    `${field}: expected ${expected}, found ${found === undefined ? 'nothing' : what}.`,
  );
}

function checkEntry(entry: EntryPoint): void {
  if (!['default', 'entry', 'hook', 'function'].includes(entry?.kind)) {
    throw wrongField('entry', "an object with kind 'default', 'entry', 'hook' or 'function'", entry);
  }
  const bound = entry.kind === 'entry' ? 0xffff : entry.kind === 'hook' ? 0xff : undefined;
  if (bound === undefined) return;
  const id = (entry as { readonly id: number }).id;
  if (!Number.isInteger(id) || id < 0 || id > bound) {
    throw new VmError('CONTEXT_INVALID', `entry.id: expected an integer from 0 to ${bound}, found ${id}.`);
  }
}

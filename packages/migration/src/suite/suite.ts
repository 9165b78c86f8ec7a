import type { AssetAmount, BlockInfo } from '@switchyard/core';
import type { Canonical } from '../mapping/canonical.ts';
import type { PatternPart } from '../mapping/key-pattern.ts';
import type { PerSide } from '../mapping/mapping.ts';

/** One of the two builds. Plain data, so that it can be sent to a worker. */
export interface SideSpec {
  /** What reports call it, such as the file's name. */
  readonly name: string;
  readonly code: Uint8Array;
  /** Engine that runs it; by default the one that recognises it. */
  readonly engine: string | undefined;
  /** The engine's options, such as a tier or versions. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** One call of a sequence, not yet in either engine's form. Bytes as arrays, amounts as bigint. */
export interface SuiteCall {
  /** A declared entry's name. */
  readonly entry: string;
  /** In declared order. */
  readonly args: readonly Canonical[];
  readonly sender: Uint8Array;
  readonly value: bigint;
  readonly deposits: readonly AssetAmount[];
  /** Undefined: the suite's limit. A captured limit holds for the old side alone, since the machines count different things. */
  readonly gasLimit: PerSide<bigint | undefined>;
  readonly block: Partial<BlockInfo>;
  readonly txHash: Uint8Array | undefined;
  /** How a recorded call ended on the chain: `success`, `exit N` or `failed`. */
  readonly recorded?: string | undefined;
}

/** What of a suite's text declares the mapping, checked against the schema but not yet compiled for an engine. Plain data. */
export interface MappingSource {
  /** Hook 0 of each side, unless it says otherwise. */
  readonly construct?: EntrySource | undefined;
  readonly entries: Readonly<Record<string, EntrySource>>;
  readonly storage: Readonly<Record<string, StorageSource>>;
  readonly own: readonly OwnSource[];
  readonly events: Readonly<Record<string, EventSource>>;
  readonly outcomes: Readonly<Record<string, string>>;
}

/** An entry as declared: parameter types by name, the entry point of each side (`entry_1`, `hook_0`, `entrypoint`, a name). */
export interface EntrySource {
  readonly params: Readonly<Record<string, string>>;
  readonly entry: PerSide<string>;
  readonly returns?: string | undefined;
}

/** A storage item as declared. */
export interface StorageSource {
  readonly fields: Readonly<Record<string, string>>;
  readonly value: string;
  readonly absent?: unknown;
  readonly form: PerSide<StorageFormSource>;
}

/** One side's form of a storage item; `value` when it differs from the item's, `raw` for bytes without a length. */
export interface StorageFormSource {
  readonly key: PatternPart;
  readonly value?: string | undefined;
}

/** A slot that one side keeps for itself. */
export interface OwnSource {
  readonly side: 'old' | 'new';
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly key: PatternPart;
  readonly reason: string;
}

/** An event as declared. */
export interface EventSource {
  readonly fields: Readonly<Record<string, string>>;
  readonly id: PerSide<bigint>;
}

/** What both sides start from. */
export interface StartState {
  /** Address of the contract on both sides: contracts and assets then have the same names on both. */
  readonly contract: Uint8Array;
  /** Accounts by name, with their addresses. */
  readonly accounts: ReadonlyMap<string, Uint8Array>;
  readonly balances: readonly {
    readonly account: Uint8Array;
    readonly asset: Uint8Array;
    readonly amount: bigint;
  }[];
  readonly block: Partial<BlockInfo>;
  /** The constructor's call; undefined when none is made. */
  readonly construct: SuiteCall | undefined;
  /** Slots that both sides start with, each written in its own form. */
  readonly storage: readonly {
    readonly item: string;
    readonly fields: readonly Canonical[];
    readonly value: Canonical;
  }[];
}

/** A migration suite, read and checked. */
export interface Suite {
  readonly name: string;
  readonly sides: PerSide<SideSpec>;
  /** Engines that are not this house's: package names or paths, from the suite's folder. */
  readonly plugins: readonly string[];
  readonly mapping: MappingSource;
  readonly start: StartState;
  readonly calls: readonly SuiteCall[];
  readonly gas: GasModel;
}

/** What gas may do. Never part of a functional difference. */
export interface GasModel {
  /** Limit of a call that names none. */
  readonly limit: bigint;
  /** Most that the new side may use for one unit of the old side's; undefined for no bound. Reported apart. */
  readonly maxRatio: number | undefined;
}

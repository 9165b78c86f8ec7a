import type { CallCodec, EntryPoint, ValueType } from '@switchyard/core';
import type { Canonical } from './canonical.ts';
import type { KeyPattern, PatternPart } from './key-pattern.ts';
import type { PayloadCodec } from './payload.ts';

/** The contract as it was, and the build that is to replace it. */
export type SideName = 'old' | 'new';

/** Both sides, in the order of every list and report. */
export const SIDES: readonly SideName[] = ['old', 'new'];

/** Something that each side has its own form of. */
export type PerSide<T> = Readonly<Record<SideName, T>>;

/** A declared entry: what suites, captures and reports call it, and where each side starts. */
export interface EntryMapping {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: ValueType }[];
  readonly entry: PerSide<EntryPoint>;
  /**
   * What a successful call returns besides its exit code: each side's returned value in its own form. Absent: nothing is compared, since the
   * legacy machine returns nothing but the exit code.
   */
  readonly returns?: PerSide<PayloadCodec> | undefined;
}

/** How one side keeps a storage item. */
export interface StorageForm {
  readonly key: KeyPattern;
  readonly value: PayloadCodec;
}

/** A kind of storage slot, such as balances by account. */
export interface StorageItem {
  readonly name: string;
  readonly fields: readonly (readonly [name: string, type: ValueType])[];
  readonly valueType: ValueType;
  readonly form: PerSide<StorageForm>;
  /** The value that an absent slot stands for: a side may drop a slot where the other keeps this value. */
  readonly absent: Canonical | undefined;
}

/** A slot that only one side keeps, by design, and why. It isn't compared; reports count it. */
export interface OwnSlot {
  readonly name: string;
  readonly side: SideName;
  readonly key: KeyPattern;
  readonly reason: string;
}

/** An event that both sides emit under their own ids. */
export interface EventMapping {
  readonly name: string;
  readonly fields: readonly (readonly [name: string, type: ValueType])[];
  readonly id: PerSide<bigint>;
  readonly data: PerSide<PayloadCodec>;
}

/** How one side's values are formed, and the codec of its engine's calls. */
export interface SideForm {
  readonly calls: CallCodec;
}

/**
 * What the two sides' observations have in common: declared by the suite, so that a report can say what was compared and through what.
 */
export interface Mapping {
  /** Both sides' engines keep plain bytes, so that what is not declared can be compared by its bytes. */
  readonly hasBytes: boolean;
  readonly entries: ReadonlyMap<string, EntryMapping>;
  readonly storage: readonly StorageItem[];
  readonly own: readonly OwnSlot[];
  readonly events: readonly EventMapping[];
  /** Ends of a call on the old side, such as `exit 3` or `failed memory`, and what the new side ends with instead. */
  readonly outcomes: ReadonlyMap<string, string>;
}

export type { PatternPart };

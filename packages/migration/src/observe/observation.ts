import type { Canonical } from '../mapping/canonical.ts';

/**
 * How a call ended, in words that both sides share: `success`, `exit N`, `failed CLASS` (see `ErrorClass`), `refused CODE` when the side does not take it. Errors are compared by class:
 * their texts and codes are each engine's own.
 */
export type Outcome = string;

/** One changed storage slot: its item's name, the values of its fields, and the value afterwards; null when it is absent. */
export type StorageChange = readonly [item: string, fields: readonly Canonical[], value: Canonical];

/** A movement of funds: kind, from, to, asset, amount; `0x…` and decimal text, null where the kind has none. */
export type Flow = readonly [
  kind: 'transfer' | 'mint' | 'burn',
  from: string | null,
  to: string | null,
  asset: string,
  amount: string,
];

/** An account's balance of an asset after a call that changed it. */
export type BalanceChange = readonly [account: string, asset: string, amount: string];

/** An asset that a call made or whose supply it changed: its id and its record afterwards. */
export type AssetChange = readonly [asset: string, record: readonly Canonical[]];

/** An event: its name and its fields. */
export type SeenEvent = readonly [name: string, fields: readonly Canonical[]];

/**
 * What a call did, brought into the form that both sides share: what is compared. Plain JSON, in one order, so that equal observations are
 * equal text. Storage and balances are sorted; flows are in order; events are in order for each name (legacy-stack-vm.md §12.2).
 */
export interface Observation {
  readonly outcome: Outcome;
  /** The returned value, where the entry declares one; the bytes, where both sides keep plain bytes; null otherwise. */
  readonly returned: Canonical;
  readonly storage: readonly StorageChange[];
  readonly flows: readonly Flow[];
  readonly balances: readonly BalanceChange[];
  readonly assets: readonly AssetChange[];
  readonly events: readonly SeenEvent[];
}

/** What a call also did: reported beside, never a functional difference. */
export interface CallNotes {
  readonly gas: number;
  /** The engine's own code of a failure, and its message. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly logs: readonly string[];
}

/** A call as one side saw it. */
export interface SideObservation {
  /** `JSON.stringify` of the Observation: equal text, equal behaviour. */
  readonly text: string;
  readonly gas: number;
  /** `JSON.stringify` of the error and the logs; empty when there is neither. */
  readonly notes: string;
}

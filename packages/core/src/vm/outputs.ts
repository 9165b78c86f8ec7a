import type { AssetAmount } from './execution-context.ts';

/** An amount of an asset moved between accounts. */
export interface TransferOutput extends AssetAmount {
  readonly kind: 'transfer';
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** New units of an asset, credited to `to`. */
export interface MintOutput extends AssetAmount {
  readonly kind: 'mint';
  readonly to: Uint8Array;
}

/** Units of an asset destroyed. */
export interface BurnOutput extends AssetAmount {
  readonly kind: 'burn';
  readonly from: Uint8Array;
}

/** An event that a contract emitted. Contracts cannot read events. */
export interface EventOutput {
  readonly kind: 'event';
  readonly contract: Uint8Array;
  /** At most four, 32 bytes each; TBPF's `tos_fire_event` gives one: 24 zero bytes and the id, big-endian. */
  readonly topics: readonly Uint8Array[];
  readonly data: Uint8Array;
}

/** What a run itself puts out; recorded in the state's journal, so that a rolled back callee's outputs vanish with it. */
export type RunOutput = TransferOutput | MintOutput | BurnOutput | EventOutput;

/** What the environment adds after the run's own outputs, in this order (framework.md X2). */
export type SettlementOutput =
  | { readonly kind: 'refund-deposits'; readonly to: Uint8Array; readonly deposits: readonly AssetAmount[] }
  | { readonly kind: 'exit-code'; readonly code: bigint | null }
  | { readonly kind: 'refund-gas'; readonly to: Uint8Array; readonly amount: bigint };

/** All outputs of a top-level call. */
export type Output = RunOutput | SettlementOutput;

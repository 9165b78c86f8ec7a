import type { AssetRecord } from './state-backend.ts';

/** One changed item with its value before and after; undefined means absent. Amounts are u64. */
export type StateChange =
  | {
      readonly kind: 'storage';
      readonly contract: Uint8Array;
      readonly key: Uint8Array;
      readonly before: Uint8Array | undefined;
      readonly after: Uint8Array | undefined;
    }
  | {
      readonly kind: 'balance';
      readonly address: Uint8Array;
      readonly asset: Uint8Array;
      readonly before: bigint;
      readonly after: bigint;
    }
  | { readonly kind: 'nonce'; readonly address: Uint8Array; readonly before: bigint; readonly after: bigint }
  | {
      readonly kind: 'code';
      readonly address: Uint8Array;
      readonly before: Uint8Array | undefined;
      readonly after: Uint8Array | undefined;
      readonly engine: string | undefined;
    }
  | {
      readonly kind: 'asset';
      readonly asset: Uint8Array;
      readonly before: AssetRecord | undefined;
      /** Undefined only where a host takes a change back; no run removes an asset. */
      readonly after: AssetRecord | undefined;
    };

/** One storage slot. */
export interface StorageSlot {
  readonly contract: Uint8Array;
  readonly key: Uint8Array;
}

/** What a call read and wrote, sorted by bytes. Includes what a rolled back callee touched: it was touched. */
export interface AccessSets {
  readonly storageReads: readonly StorageSlot[];
  readonly storageWrites: readonly StorageSlot[];
  /** Accounts whose balance, nonce or code was read. */
  readonly accountReads: readonly Uint8Array[];
  /** Accounts whose balance, nonce or code was written. */
  readonly accountWrites: readonly Uint8Array[];
}

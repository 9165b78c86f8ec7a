import type { StateChange } from './changes.ts';
import type { AssetRecord } from './state-backend.ts';

/** One item that a state store holds: what snapshots list and stores iterate. */
export type StateEntry =
  | {
      readonly kind: 'storage';
      readonly contract: Uint8Array;
      readonly key: Uint8Array;
      readonly value: Uint8Array;
    }
  | {
      readonly kind: 'balance';
      readonly address: Uint8Array;
      readonly asset: Uint8Array;
      /** Above 0. */
      readonly amount: bigint;
    }
  | { readonly kind: 'nonce'; readonly address: Uint8Array /** Above 0. */; readonly nonce: bigint }
  | {
      readonly kind: 'code';
      readonly address: Uint8Array;
      readonly code: Uint8Array;
      readonly engine: string | undefined;
    }
  | { readonly kind: 'asset'; readonly asset: Uint8Array; readonly record: AssetRecord };

/** The change that brings an entry into an empty store. */
export function entryToChange(entry: StateEntry): StateChange {
  switch (entry.kind) {
    case 'storage':
      return {
        kind: 'storage',
        contract: entry.contract,
        key: entry.key,
        before: undefined,
        after: entry.value,
      };
    case 'balance':
      return {
        kind: 'balance',
        address: entry.address,
        asset: entry.asset,
        before: 0n,
        after: entry.amount,
      };
    case 'nonce':
      return { kind: 'nonce', address: entry.address, before: 0n, after: entry.nonce };
    case 'code':
      return {
        kind: 'code',
        address: entry.address,
        before: undefined,
        after: entry.code,
        engine: entry.engine,
      };
    case 'asset':
      return { kind: 'asset', asset: entry.asset, before: undefined, after: entry.record };
  }
}

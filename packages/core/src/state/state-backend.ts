import type { StateChange } from './changes.ts';

/** A contract-created asset. */
export interface AssetRecord {
  /** Contract (32 bytes) that created it and alone may mint it. */
  readonly creator: Uint8Array;
  readonly name: string;
  /** 0 to 18. */
  readonly decimals: number;
  /** u64; 0 means no maximum. */
  readonly maxSupply: bigint;
  /** Units in existence (u64). */
  readonly supply: bigint;
}

/** Deployed code. */
export interface CodeRecord {
  readonly code: Uint8Array;
  /** The module's own engine choice, if its deployer made one. */
  readonly engine: string | undefined;
}

/**
 * What a state store must offer: the one port that `JournaledState` stands on. Synchronous. Returned arrays are views that the
 * reader must not write; given arrays are the store's to keep.
 */
export interface StateBackend {
  getStorage(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined;
  /** 0n for an account that does not exist. */
  getBalance(address: Uint8Array, asset: Uint8Array): bigint;
  getCode(address: Uint8Array): CodeRecord | undefined;
  /** 0n for an account that does not exist. */
  getNonce(address: Uint8Array): bigint;
  getAsset(asset: Uint8Array): AssetRecord | undefined;
  /** True when the address has a balance, nonce or code. */
  accountExists(address: Uint8Array): boolean;
  /** How many assets the address holds more than 0 of; the native asset counts. */
  balanceCount(address: Uint8Array): number;
  /** Writes all changes or none. @throws VmError STATE_READ_ONLY, STATE_UNAVAILABLE. */
  commit(changes: readonly StateChange[]): void;
}

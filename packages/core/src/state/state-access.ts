import type { RunOutput } from '../vm/outputs.ts';
import type { AccessSets, StateChange } from './changes.ts';
import type { AssetRecord } from './state-backend.ts';

/** Names an open checkpoint. */
export type CheckpointId = number;

/**
 * The state as an engine sees it: synchronous, journaled. `JournaledState` implements it once. Returned arrays are views that the
 * reader must not write; given arrays are copied. Addresses and assets are 32 bytes, amounts u64. An operation that cannot be done
 * for the contract's reasons returns false and changes nothing; it throws only for a broken host.
 */
export interface StateAccess {
  getStorage(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined;
  setStorage(contract: Uint8Array, key: Uint8Array, value: Uint8Array): void;
  /** @returns true when the key existed. */
  deleteStorage(contract: Uint8Array, key: Uint8Array): boolean;

  getBalance(address: Uint8Array, asset: Uint8Array): bigint;
  /** Moves and records a transfer output. @returns false when `from` holds less or `to` would exceed 2^64 − 1. */
  transfer(from: Uint8Array, to: Uint8Array, asset: Uint8Array, amount: bigint): boolean;
  /** Credits new units, raises the asset's supply, records a mint output. @returns false above the maximum supply or 2^64 − 1. */
  mint(to: Uint8Array, asset: Uint8Array, amount: bigint): boolean;
  /** Destroys units, lowers the asset's supply, records a burn output. @returns false when `from` holds less. */
  burn(from: Uint8Array, asset: Uint8Array, amount: bigint): boolean;

  getAsset(asset: Uint8Array): AssetRecord | undefined;
  /** @returns false when the asset exists. */
  createAsset(asset: Uint8Array, record: AssetRecord): boolean;

  getCode(address: Uint8Array): Uint8Array | undefined;
  /** sha-256 of the code (32 bytes). */
  getCodeHash(address: Uint8Array): Uint8Array | undefined;
  /** The module's own engine choice, if its deployer made one. */
  getCodeEngine(address: Uint8Array): string | undefined;
  setCode(address: Uint8Array, code: Uint8Array, engine?: string): void;

  getNonce(address: Uint8Array): bigint;
  setNonce(address: Uint8Array, nonce: bigint): void;
  accountExists(address: Uint8Array): boolean;

  /** Records an event output; it vanishes if the checkpoint around it is reverted. */
  emitEvent(contract: Uint8Array, topics: readonly Uint8Array[], data: Uint8Array): void;
  /** How many outputs are recorded now: a mark for `outputs`. */
  readonly outputCount: number;
  /** Outputs recorded since the mark, in order. */
  outputs(mark?: number): readonly RunOutput[];

  /** Opens a nested checkpoint. O(1). */
  checkpoint(): CheckpointId;
  /** Closes the checkpoint and keeps what was done since. @throws VmError CHECKPOINT_INVALID unless it is the innermost. */
  commit(id: CheckpointId): void;
  /** Closes the checkpoint and all inside it, and undoes what was done since, in O(changes). @throws VmError CHECKPOINT_INVALID. */
  revert(id: CheckpointId): void;

  /** Net changes since the checkpoint (by default since the last flush to the store): old and new values, in order of first touch. */
  changes(since?: CheckpointId): readonly StateChange[];
  /** What was read and written since the last flush. Built at the call, O(accessed). */
  accessed(): AccessSets;
}

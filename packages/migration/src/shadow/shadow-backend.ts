import {
  type AssetRecord,
  byteKey,
  type CodeRecord,
  equalBytes,
  NATIVE_ASSET,
  type StateBackend,
  type StateChange,
  VmError,
} from '@switchyard/core';
import type { Canonical } from '../mapping/canonical.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { changePlace } from '../sides/change-place.ts';

/** What the shadow sees of one transaction. */
export interface ShadowView {
  /** All that the transaction changed: their old values are what was there before it. */
  readonly changes: readonly StateChange[];
  /** Whose fee was put down before the run, and how much (native units). */
  readonly payer: Uint8Array;
  readonly fee: bigint;
}

/**
 * The chain's state as it was before a transaction that has been written, with the new build in the contract's place and the contract's
 * storage in the new build's form: each slot that it reads is looked up in the old form and translated. Nothing is copied; nothing is written.
 */
export class ShadowBackend implements StateBackend {
  readonly #state: StateBackend;
  readonly #contract: Uint8Array;
  readonly #code: CodeRecord;
  readonly #mapping: Mapping;
  #before = new Map<string, StateChange>();
  #view: ShadowView | undefined;

  constructor(state: StateBackend, contract: Uint8Array, code: CodeRecord, mapping: Mapping) {
    this.#state = state;
    this.#contract = contract;
    this.#code = code;
    this.#mapping = mapping;
  }

  /** Looks at the state before another transaction. */
  lookBefore(view: ShadowView): void {
    this.#view = view;
    this.#before = new Map(view.changes.map((change) => [changePlace(change), change]));
  }

  getStorage(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    if (!equalBytes(contract, this.#contract)) return this.#storageBefore(contract, key);
    for (const item of this.#mapping.storage) {
      const fields = item.form.new.key.parse(key);
      if (fields === undefined) continue;
      const bytes = this.#storageBefore(contract, item.form.old.key.print(fields));
      if (bytes === undefined) return undefined;
      const value: Canonical | undefined = item.form.old.value.decode(bytes);
      // Bytes that are not of the declared type are passed as they are: the comparison then shows them.
      return value === undefined ? bytes : item.form.new.value.encode(value);
    }
    return undefined;
  }

  getBalance(address: Uint8Array, asset: Uint8Array): bigint {
    const change = this.#before.get(`b${byteKey(address)}${byteKey(asset)}`);
    const amount = change?.kind === 'balance' ? change.before : this.#state.getBalance(address, asset);
    const view = this.#view;
    const paysFee = view !== undefined && equalBytes(address, view.payer) && equalBytes(asset, NATIVE_ASSET);
    return paysFee ? amount - view.fee : amount;
  }

  getCode(address: Uint8Array): CodeRecord | undefined {
    if (equalBytes(address, this.#contract)) return this.#code;
    const change = this.#before.get(`code${byteKey(address)}`);
    if (change?.kind !== 'code') return this.#state.getCode(address);
    return change.before === undefined ? undefined : { code: change.before, engine: undefined };
  }

  getNonce(address: Uint8Array): bigint {
    const change = this.#before.get(`nonce${byteKey(address)}`);
    return change?.kind === 'nonce' ? change.before : this.#state.getNonce(address);
  }

  getAsset(asset: Uint8Array): AssetRecord | undefined {
    const change = this.#before.get(`a${byteKey(asset)}`);
    return change?.kind === 'asset' ? change.before : this.#state.getAsset(asset);
  }

  accountExists(address: Uint8Array): boolean {
    return (
      this.getNonce(address) > 0n || this.getCode(address) !== undefined || this.balanceCount(address) > 0
    );
  }

  balanceCount(address: Uint8Array): number {
    let count = this.#state.balanceCount(address);
    for (const change of this.#before.values()) {
      if (change.kind !== 'balance' || !equalBytes(change.address, address)) continue;
      count += Number(change.before > 0n) - Number(change.after > 0n);
    }
    return count;
  }

  commit(): void {
    throw new VmError('STATE_READ_ONLY', 'a shadow writes nothing.');
  }

  #storageBefore(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    const change = this.#before.get(`s${byteKey(contract)}${byteKey(key)}`);
    return change?.kind === 'storage' ? change.before : this.#state.getStorage(contract, key);
  }
}

import { NATIVE_ASSET } from '../bytes.ts';
import { byteKey, isNativeAsset } from './byte-key.ts';
import { BalanceCell, CodeCell, NonceCell, StorageCell } from './cell.ts';
import type { StateBackend } from './state-backend.ts';

/** What is loaded of one account since the last flush: cells made on first touch. */
export class AccountEntry {
  readonly address: Uint8Array;
  /** Balance, nonce or code was read. */
  read = false;
  /** Balance, nonce or code was written. */
  written = false;
  readonly storage = new Map<string, StorageCell>();
  #native: BalanceCell | undefined;
  #others: Map<string, BalanceCell> | undefined;
  #nonce: NonceCell | undefined;
  #code: CodeCell | undefined;
  readonly #backend: StateBackend;

  constructor(address: Uint8Array, backend: StateBackend) {
    this.address = address;
    this.#backend = backend;
  }

  slot(key: Uint8Array): StorageCell {
    const name = byteKey(key);
    let cell = this.storage.get(name);
    if (cell === undefined) {
      const copy = key.slice();
      cell = new StorageCell(this.address, copy, this.#backend.getStorage(this.address, copy));
      this.storage.set(name, cell);
    }
    return cell;
  }

  balance(asset: Uint8Array): BalanceCell {
    if (isNativeAsset(asset)) {
      this.#native ??= new BalanceCell(
        this.address,
        NATIVE_ASSET,
        this.#backend.getBalance(this.address, NATIVE_ASSET),
      );
      return this.#native;
    }
    this.#others ??= new Map();
    const name = byteKey(asset);
    let cell = this.#others.get(name);
    if (cell === undefined) {
      const copy = asset.slice();
      cell = new BalanceCell(this.address, copy, this.#backend.getBalance(this.address, copy));
      this.#others.set(name, cell);
    }
    return cell;
  }

  nonce(): NonceCell {
    this.#nonce ??= new NonceCell(this.address, this.#backend.getNonce(this.address));
    return this.#nonce;
  }

  code(): CodeCell {
    this.#code ??= new CodeCell(this.address, this.#backend.getCode(this.address));
    return this.#code;
  }

  /** True when the account has a balance, nonce or code, pending values counted. */
  exists(): boolean {
    if (this.nonce().value > 0n || this.code().value !== undefined) return true;
    let balances = this.#backend.balanceCount(this.address);
    if (this.#native !== undefined) balances += heldNow(this.#native);
    if (this.#others !== undefined) for (const cell of this.#others.values()) balances += heldNow(cell);
    return balances > 0;
  }
}

/** By how much the cell's pending value alters the store's count of balances above 0: −1, 0 or 1. */
function heldNow(cell: BalanceCell): number {
  return (cell.value > 0n ? 1 : 0) - (cell.stored > 0n ? 1 : 0);
}

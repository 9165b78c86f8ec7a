import { compareBytes } from '../bytes.ts';
import { byteKey } from './byte-key.ts';
import type { StateChange } from './changes.ts';
import type { AssetRecord, CodeRecord, StateBackend } from './state-backend.ts';
import type { StateEntry } from './state-entry.ts';

interface MemoryAccount {
  readonly address: Uint8Array;
  readonly storage: Map<string, { readonly key: Uint8Array; readonly value: Uint8Array }>;
  readonly balances: Map<string, { readonly asset: Uint8Array; readonly amount: bigint }>;
  nonce: bigint;
  code: CodeRecord | undefined;
}

/** A state store in memory. Browser-safe; nothing survives the object. */
export class MemoryBackend implements StateBackend {
  #accounts = new Map<string, MemoryAccount>();
  #assets = new Map<string, { readonly asset: Uint8Array; readonly record: AssetRecord }>();

  getStorage(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    return this.#accounts.get(byteKey(contract))?.storage.get(byteKey(key))?.value;
  }

  getBalance(address: Uint8Array, asset: Uint8Array): bigint {
    return this.#accounts.get(byteKey(address))?.balances.get(byteKey(asset))?.amount ?? 0n;
  }

  getCode(address: Uint8Array): CodeRecord | undefined {
    return this.#accounts.get(byteKey(address))?.code;
  }

  getNonce(address: Uint8Array): bigint {
    return this.#accounts.get(byteKey(address))?.nonce ?? 0n;
  }

  getAsset(asset: Uint8Array): AssetRecord | undefined {
    return this.#assets.get(byteKey(asset))?.record;
  }

  accountExists(address: Uint8Array): boolean {
    const account = this.#accounts.get(byteKey(address));
    return (
      account !== undefined && (account.nonce > 0n || account.code !== undefined || account.balances.size > 0)
    );
  }

  balanceCount(address: Uint8Array): number {
    return this.#accounts.get(byteKey(address))?.balances.size ?? 0;
  }

  commit(changes: readonly StateChange[]): void {
    for (const change of changes) this.#apply(change);
  }

  /** True when the store holds nothing. */
  get isEmpty(): boolean {
    return this.#accounts.size === 0 && this.#assets.size === 0;
  }

  /** Drops everything. */
  clear(): void {
    this.#accounts = new Map();
    this.#assets = new Map();
  }

  /** Exchanges contents with another store, at once. */
  swap(other: MemoryBackend): void {
    [this.#accounts, other.#accounts] = [other.#accounts, this.#accounts];
    [this.#assets, other.#assets] = [other.#assets, this.#assets];
  }

  /** Everything held, account by account in byte order (storage, balances, nonce, code), then the assets. */
  *entries(): IterableIterator<StateEntry> {
    const accounts = [...this.#accounts.values()].sort((a, b) => compareBytes(a.address, b.address));
    for (const { address, storage, balances, nonce, code } of accounts) {
      for (const { key, value } of [...storage.values()].sort((a, b) => compareBytes(a.key, b.key))) {
        yield { kind: 'storage', contract: address, key, value };
      }
      for (const { asset, amount } of [...balances.values()].sort((a, b) => compareBytes(a.asset, b.asset))) {
        yield { kind: 'balance', address, asset, amount };
      }
      if (nonce > 0n) yield { kind: 'nonce', address, nonce };
      if (code !== undefined) yield { kind: 'code', address, code: code.code, engine: code.engine };
    }
    const assets = [...this.#assets.values()].sort((a, b) => compareBytes(a.asset, b.asset));
    for (const { asset, record } of assets) yield { kind: 'asset', asset, record };
  }

  #apply(change: StateChange): void {
    if (change.kind === 'asset') {
      if (change.after === undefined) this.#assets.delete(byteKey(change.asset));
      else this.#assets.set(byteKey(change.asset), { asset: change.asset, record: change.after });
      return;
    }
    const address = change.kind === 'storage' ? change.contract : change.address;
    const name = byteKey(address);
    const account = this.#accounts.get(name) ?? newAccount(address);
    applyToAccount(account, change);
    if (isEmptyAccount(account)) this.#accounts.delete(name);
    else this.#accounts.set(name, account);
  }
}

function newAccount(address: Uint8Array): MemoryAccount {
  return { address, storage: new Map(), balances: new Map(), nonce: 0n, code: undefined };
}

function isEmptyAccount(account: MemoryAccount): boolean {
  return (
    account.nonce === 0n &&
    account.code === undefined &&
    account.storage.size === 0 &&
    account.balances.size === 0
  );
}

function applyToAccount(account: MemoryAccount, change: Exclude<StateChange, { kind: 'asset' }>): void {
  switch (change.kind) {
    case 'storage':
      if (change.after === undefined) account.storage.delete(byteKey(change.key));
      else account.storage.set(byteKey(change.key), { key: change.key, value: change.after });
      break;
    case 'balance':
      if (change.after === 0n) account.balances.delete(byteKey(change.asset));
      else account.balances.set(byteKey(change.asset), { asset: change.asset, amount: change.after });
      break;
    case 'nonce':
      account.nonce = change.after;
      break;
    case 'code':
      account.code = change.after === undefined ? undefined : { code: change.after, engine: change.engine };
  }
}

import { byteKey } from './byte-key.ts';
import type { StateChange } from './changes.ts';
import type { AssetRecord, CodeRecord, StateBackend } from './state-backend.ts';

/** What an account is taken to be, over the store. What is absent is the store's. */
export interface AccountOverride {
  /** 32 bytes. */
  readonly address: Uint8Array;
  readonly balances?: readonly { readonly asset: Uint8Array; readonly amount: bigint }[];
  readonly nonce?: bigint;
  /** Null: no code. */
  readonly code?: CodeRecord | null;
  /** Undefined as value: the slot is absent. */
  readonly storage?: readonly { readonly key: Uint8Array; readonly value: Uint8Array | undefined }[];
  /** True when `storage` is all of it: slots that are not named are absent. */
  readonly replacesStorage?: boolean;
}

interface OverlaidAccount {
  readonly storage: Map<string, Uint8Array | undefined>;
  readonly balances: Map<string, { readonly asset: Uint8Array; readonly amount: bigint }>;
  nonce: bigint | undefined;
  /** Undefined: the store's. */
  code: CodeRecord | null | undefined;
  replacesStorage: boolean;
}

/**
 * A store as it would be: another store with overrides and commits over it, which stay here until `clear`. The other one is only read. For
 * simulations of several calls, and of accounts that are not as they are.
 */
export class OverlayBackend implements StateBackend {
  readonly #base: StateBackend;
  #accounts = new Map<string, OverlaidAccount>();
  #assets = new Map<string, AssetRecord | undefined>();

  constructor(base: StateBackend) {
    this.#base = base;
  }

  /** Takes an account to be so, over what was said of it before. The arrays are the overlay's to keep. */
  override(account: AccountOverride): void {
    const overlaid = this.#overlaid(account.address);
    if (account.replacesStorage === true) {
      overlaid.storage.clear();
      overlaid.replacesStorage = true;
    }
    for (const { key, value } of account.storage ?? []) overlaid.storage.set(byteKey(key), value);
    for (const balance of account.balances ?? []) overlaid.balances.set(byteKey(balance.asset), balance);
    if (account.nonce !== undefined) overlaid.nonce = account.nonce;
    if (account.code !== undefined) overlaid.code = account.code;
  }

  /** Drops overrides and commits. */
  clear(): void {
    if (this.#accounts.size > 0) this.#accounts = new Map();
    if (this.#assets.size > 0) this.#assets = new Map();
  }

  getStorage(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    const account = this.#find(contract);
    if (account !== undefined) {
      const name = byteKey(key);
      if (account.storage.has(name)) return account.storage.get(name);
      if (account.replacesStorage) return undefined;
    }
    return this.#base.getStorage(contract, key);
  }

  getBalance(address: Uint8Array, asset: Uint8Array): bigint {
    const balance = this.#find(address)?.balances.get(byteKey(asset));
    return balance === undefined ? this.#base.getBalance(address, asset) : balance.amount;
  }

  getCode(address: Uint8Array): CodeRecord | undefined {
    const code = this.#find(address)?.code;
    return code === undefined ? this.#base.getCode(address) : (code ?? undefined);
  }

  getNonce(address: Uint8Array): bigint {
    return this.#find(address)?.nonce ?? this.#base.getNonce(address);
  }

  getAsset(asset: Uint8Array): AssetRecord | undefined {
    const name = byteKey(asset);
    return this.#assets.has(name) ? this.#assets.get(name) : this.#base.getAsset(asset);
  }

  accountExists(address: Uint8Array): boolean {
    if (this.#find(address) === undefined) return this.#base.accountExists(address);
    return (
      this.getNonce(address) > 0n || this.getCode(address) !== undefined || this.balanceCount(address) > 0
    );
  }

  balanceCount(address: Uint8Array): number {
    let count = this.#base.balanceCount(address);
    for (const { asset, amount } of this.#find(address)?.balances.values() ?? []) {
      const wasHeld = this.#base.getBalance(address, asset) > 0n;
      count += Number(amount > 0n) - Number(wasHeld);
    }
    return count;
  }

  commit(changes: readonly StateChange[]): void {
    for (const change of changes) this.#apply(change);
  }

  #apply(change: StateChange): void {
    switch (change.kind) {
      case 'storage':
        this.#overlaid(change.contract).storage.set(byteKey(change.key), change.after);
        break;
      case 'balance': {
        const { asset, after } = change;
        this.#overlaid(change.address).balances.set(byteKey(asset), { asset, amount: after });
        break;
      }
      case 'nonce':
        this.#overlaid(change.address).nonce = change.after;
        break;
      case 'code':
        this.#overlaid(change.address).code =
          change.after === undefined ? null : { code: change.after, engine: change.engine };
        break;
      case 'asset':
        this.#assets.set(byteKey(change.asset), change.after);
    }
  }

  #find(address: Uint8Array): OverlaidAccount | undefined {
    // Most requests override nothing, and asking for a name costs more than the answer.
    return this.#accounts.size === 0 ? undefined : this.#accounts.get(byteKey(address));
  }

  #overlaid(address: Uint8Array): OverlaidAccount {
    const name = byteKey(address);
    let account = this.#accounts.get(name);
    if (account === undefined) {
      account = {
        storage: new Map(),
        balances: new Map(),
        nonce: undefined,
        code: undefined,
        replacesStorage: false,
      };
      this.#accounts.set(name, account);
    }
    return account;
  }
}

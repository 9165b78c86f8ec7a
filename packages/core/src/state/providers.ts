import { MAX_U64 } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import { byteKey } from './byte-key.ts';

/** Storage of contracts, as an integrator offers it. May throw VmErrors of its own. */
export interface StorageProvider {
  get(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined;
  set(contract: Uint8Array, key: Uint8Array, value: Uint8Array): void;
  /** @returns true when the key existed. */
  delete(contract: Uint8Array, key: Uint8Array): boolean;
}

/** Native balances, as an integrator offers them. */
export interface AccountProvider {
  /** u64; 0n for an unknown address. */
  getBalance(address: Uint8Array): bigint;
  /** All or nothing. @throws VmError INSUFFICIENT_BALANCE, BALANCE_OVERFLOW. */
  transfer(from: Uint8Array, to: Uint8Array, amount: bigint): void;
}

/** Keeps storage in a Map. */
export class MemoryStorageProvider implements StorageProvider {
  readonly #values = new Map<string, Uint8Array>();

  get(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(byteKey(contract) + byteKey(key));
  }

  set(contract: Uint8Array, key: Uint8Array, value: Uint8Array): void {
    this.#values.set(byteKey(contract) + byteKey(key), value.slice());
  }

  delete(contract: Uint8Array, key: Uint8Array): boolean {
    return this.#values.delete(byteKey(contract) + byteKey(key));
  }
}

/** Keeps native balances in a Map. */
export class MemoryAccountProvider implements AccountProvider {
  readonly #balances = new Map<string, bigint>();

  getBalance(address: Uint8Array): bigint {
    return this.#balances.get(byteKey(address)) ?? 0n;
  }

  /** Sets a balance, to fill a fresh state. */
  setBalance(address: Uint8Array, amount: bigint): void {
    this.#balances.set(byteKey(address), amount);
  }

  transfer(from: Uint8Array, to: Uint8Array, amount: bigint): void {
    const available = this.getBalance(from);
    if (available < amount) {
      throw new VmError('INSUFFICIENT_BALANCE', `transfer of ${amount}: the sender holds ${available}.`);
    }
    const source = byteKey(from);
    const target = byteKey(to);
    if (source === target) return;
    const held = this.getBalance(to);
    if (held + amount > MAX_U64) {
      throw new VmError('BALANCE_OVERFLOW', `transfer of ${amount}: the recipient already holds ${held}.`);
    }
    this.#balances.set(source, available - amount);
    this.#balances.set(target, held + amount);
  }
}

/** Holds nothing and forgets what it is given. */
export class NoOpStorageProvider implements StorageProvider {
  get(): undefined {
    return undefined;
  }

  set(): void {}

  delete(): boolean {
    return false;
  }
}

/** Every balance is 0, and transfers do nothing. */
export class NoOpAccountProvider implements AccountProvider {
  getBalance(): bigint {
    return 0n;
  }

  transfer(): void {}
}

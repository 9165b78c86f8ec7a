import { equalBytes, MAX_U64 } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import type { RunOutput } from '../vm/outputs.ts';
import { collectAccessSets, NO_ACCESS } from './access-sets.ts';
import { AccountEntry } from './account-entry.ts';
import { byteKey, isNativeAsset } from './byte-key.ts';
import { AssetCell, type BalanceCell } from './cell.ts';
import type { AccessSets, StateChange } from './changes.ts';
import { codeHash } from './hashes.ts';
import type { CheckpointId, StateAccess } from './state-access.ts';
import type { AssetRecord, StateBackend } from './state-backend.ts';
import { UndoJournal } from './undo-journal.ts';

/**
 * The state that engines see, over any `StateBackend`: pending values in memory, an undo journal with nested checkpoints, read and
 * write sets. Nothing reaches the store before `flush`.
 */
export class JournaledState implements StateAccess {
  readonly backend: StateBackend;
  readonly #journal = new UndoJournal();
  #accounts = new Map<string, AccountEntry>();
  #assets = new Map<string, AssetCell>();
  /** The account touched last: most accesses of a run go to one contract, and comparing costs less than building a key. */
  #last: AccountEntry | undefined;

  constructor(backend: StateBackend) {
    this.backend = backend;
  }

  getStorage(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    const cell = this.#account(contract).slot(key);
    cell.read = true;
    return cell.value;
  }

  setStorage(contract: Uint8Array, key: Uint8Array, value: Uint8Array): void {
    const cell = this.#account(contract).slot(key);
    cell.written = true;
    this.#journal.write(cell, value.slice());
  }

  deleteStorage(contract: Uint8Array, key: Uint8Array): boolean {
    const cell = this.#account(contract).slot(key);
    cell.read = true;
    cell.written = true;
    if (cell.value === undefined) return false;
    this.#journal.write(cell, undefined);
    return true;
  }

  getBalance(address: Uint8Array, asset: Uint8Array): bigint {
    const account = this.#account(address);
    account.read = true;
    return account.balance(asset).value;
  }

  transfer(from: Uint8Array, to: Uint8Array, asset: Uint8Array, amount: bigint): boolean {
    if (!this.moveBalance(from, to, asset, amount)) return false;
    this.#journal.outputs.push({
      kind: 'transfer',
      from: from.slice(),
      to: to.slice(),
      asset: asset.slice(),
      amount,
    });
    return true;
  }

  /** `transfer` without an output: for what the environment moves around a run. */
  moveBalance(from: Uint8Array, to: Uint8Array, asset: Uint8Array, amount: bigint): boolean {
    if (amount < 0n || amount > MAX_U64) return false;
    const source = this.#balance(from, asset);
    if (source.value < amount) return false;
    const target = this.#balance(to, asset);
    if (source === target) return true;
    if (target.value + amount > MAX_U64) return false;
    this.#setBalance(source, source.value - amount);
    this.#setBalance(target, target.value + amount);
    return true;
  }

  /**
   * Adds to (or, below 0, takes from) a balance without output and without touching the asset's supply: for fees and for filling a
   * fresh state. @returns false when the balance would leave 0 to 2^64 − 1.
   */
  adjustBalance(address: Uint8Array, asset: Uint8Array, delta: bigint): boolean {
    const cell = this.#balance(address, asset);
    const after = cell.value + delta;
    if (after < 0n || after > MAX_U64) return false;
    this.#setBalance(cell, after);
    return true;
  }

  mint(to: Uint8Array, asset: Uint8Array, amount: bigint): boolean {
    if (amount < 0n || amount > MAX_U64) return false;
    const target = this.#balance(to, asset);
    if (target.value + amount > MAX_U64) return false;
    if (!this.#changeSupply(asset, amount)) return false;
    this.#setBalance(target, target.value + amount);
    this.#journal.outputs.push({ kind: 'mint', to: to.slice(), asset: asset.slice(), amount });
    return true;
  }

  burn(from: Uint8Array, asset: Uint8Array, amount: bigint): boolean {
    if (amount < 0n || amount > MAX_U64) return false;
    const source = this.#balance(from, asset);
    if (source.value < amount) return false;
    if (!this.#changeSupply(asset, -amount)) return false;
    this.#setBalance(source, source.value - amount);
    this.#journal.outputs.push({ kind: 'burn', from: from.slice(), asset: asset.slice(), amount });
    return true;
  }

  getAsset(asset: Uint8Array): AssetRecord | undefined {
    return this.#asset(asset).value;
  }

  createAsset(asset: Uint8Array, record: AssetRecord): boolean {
    const cell = this.#asset(asset);
    if (cell.value !== undefined || isNativeAsset(asset)) return false;
    this.#journal.write(cell, Object.freeze({ ...record, creator: record.creator.slice() }));
    return true;
  }

  getCode(address: Uint8Array): Uint8Array | undefined {
    const account = this.#account(address);
    account.read = true;
    return account.code().value?.code;
  }

  getCodeHash(address: Uint8Array): Uint8Array | undefined {
    const code = this.getCode(address);
    return code === undefined ? undefined : codeHash(code);
  }

  getCodeEngine(address: Uint8Array): string | undefined {
    const account = this.#account(address);
    account.read = true;
    return account.code().value?.engine;
  }

  setCode(address: Uint8Array, code: Uint8Array, engine?: string): void {
    const account = this.#account(address);
    account.written = true;
    this.#journal.write(account.code(), { code: code.slice(), engine });
  }

  getNonce(address: Uint8Array): bigint {
    const account = this.#account(address);
    account.read = true;
    return account.nonce().value;
  }

  setNonce(address: Uint8Array, nonce: bigint): void {
    if (nonce < 0n || nonce > MAX_U64) {
      throw new VmError('INVALID_ARGUMENT', `nonce: expected 0 to 2^64 − 1, found ${nonce}.`);
    }
    const account = this.#account(address);
    account.written = true;
    this.#journal.write(account.nonce(), nonce);
  }

  accountExists(address: Uint8Array): boolean {
    const account = this.#account(address);
    account.read = true;
    return account.exists();
  }

  emitEvent(contract: Uint8Array, topics: readonly Uint8Array[], data: Uint8Array): void {
    this.#journal.outputs.push({
      kind: 'event',
      contract: contract.slice(),
      topics: topics.map((topic) => topic.slice()),
      data: data.slice(),
    });
  }

  get outputCount(): number {
    return this.#journal.outputs.length;
  }

  outputs(mark = 0): readonly RunOutput[] {
    return this.#journal.outputs.slice(mark);
  }

  checkpoint(): CheckpointId {
    return this.#journal.checkpoint();
  }

  commit(id: CheckpointId): void {
    this.#journal.commit(id);
  }

  revert(id: CheckpointId): void {
    this.#journal.revert(id);
  }

  /** True when a write or an output since the checkpoint still stands. O(1). */
  touchedSince(id: CheckpointId): boolean {
    return this.#journal.touchedSince(id);
  }

  changes(since?: CheckpointId): readonly StateChange[] {
    return this.#journal.changes(since);
  }

  accessed(): AccessSets {
    return this.#accounts.size === 0 ? NO_ACCESS : collectAccessSets(this.#accounts.values());
  }

  /** True when nothing is pending and no checkpoint is open. */
  get isClean(): boolean {
    return this.#journal.isEmpty;
  }

  /** True while a checkpoint is open. */
  get hasOpenCheckpoint(): boolean {
    return this.#journal.hasOpenCheckpoint;
  }

  /**
   * Writes everything pending to the store in one `commit` and starts anew. When the store throws, everything stays pending.
   * @returns what was written. @throws VmError CHECKPOINT_INVALID while a checkpoint is open.
   */
  flush(): readonly StateChange[] {
    if (this.#journal.hasOpenCheckpoint) {
      throw new VmError('CHECKPOINT_INVALID', 'flush: a checkpoint is still open.');
    }
    const changes = this.#journal.changes(undefined);
    if (changes.length > 0) this.backend.commit(changes);
    this.#startAnew();
    return changes;
  }

  /** Drops everything pending, open checkpoints included, and starts anew from the store. */
  discard(): void {
    this.#startAnew();
  }

  #startAnew(): void {
    this.#journal.clear();
    this.#accounts = new Map();
    this.#assets = new Map();
    this.#last = undefined;
  }

  #account(address: Uint8Array): AccountEntry {
    if (this.#last !== undefined && equalBytes(this.#last.address, address)) return this.#last;
    const name = byteKey(address);
    let account = this.#accounts.get(name);
    if (account === undefined) {
      if (address.length !== 32) {
        throw new VmError('INVALID_ARGUMENT', `an address has 32 bytes, not ${address.length}.`);
      }
      account = new AccountEntry(address.slice(), this.backend);
      this.#accounts.set(name, account);
    }
    this.#last = account;
    return account;
  }

  #asset(asset: Uint8Array): AssetCell {
    const name = byteKey(asset);
    let cell = this.#assets.get(name);
    if (cell === undefined) {
      const copy = asset.slice();
      cell = new AssetCell(copy, this.backend.getAsset(copy));
      this.#assets.set(name, cell);
    }
    return cell;
  }

  /** The cell of a balance that is about to be read and maybe written. */
  #balance(address: Uint8Array, asset: Uint8Array): BalanceCell {
    const account = this.#account(address);
    account.read = true;
    account.written = true;
    return account.balance(asset);
  }

  #setBalance(cell: BalanceCell, value: bigint): void {
    this.#journal.write(cell, value);
  }

  /** The native asset and assets that came from outside have no record, so no supply is kept for them. */
  #changeSupply(asset: Uint8Array, delta: bigint): boolean {
    if (isNativeAsset(asset)) return true;
    const cell = this.#asset(asset);
    const record = cell.value;
    if (record === undefined) return true;
    const supply = record.supply + delta;
    if (supply < 0n || supply > (record.maxSupply === 0n ? MAX_U64 : record.maxSupply)) return false;
    this.#journal.write(cell, Object.freeze({ ...record, supply }));
    return true;
  }
}

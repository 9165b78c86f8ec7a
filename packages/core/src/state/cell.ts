import { equalBytes } from '../bytes.ts';
import type { StateChange } from './changes.ts';
import type { AssetRecord, CodeRecord } from './state-backend.ts';

/** One item of the state with its pending value. The journal undoes it; `toChange` reports it. */
export abstract class Cell<T> {
  /** Where the journal holds the newest undo entry of this cell; −1 when it holds none. Kept exact by the journal. */
  journalIndex = -1;
  value: T;

  constructor(value: T) {
    this.value = value;
  }

  /** The change from `before` to the present value; undefined when both are equal. */
  abstract toChange(before: T): StateChange | undefined;
}

/** Journal entries hold cells of any type; only the cell itself reads its old value back. */
export type AnyCell = Cell<unknown>;

export class StorageCell extends Cell<Uint8Array | undefined> {
  readonly contract: Uint8Array;
  readonly key: Uint8Array;
  read = false;
  written = false;

  constructor(contract: Uint8Array, key: Uint8Array, value: Uint8Array | undefined) {
    super(value);
    this.contract = contract;
    this.key = key;
  }

  toChange(before: Uint8Array | undefined): StateChange | undefined {
    const after = this.value;
    if (before === after) return undefined;
    if (before !== undefined && after !== undefined && equalBytes(before, after)) return undefined;
    return { kind: 'storage', contract: this.contract, key: this.key, before, after };
  }
}

export class BalanceCell extends Cell<bigint> {
  readonly address: Uint8Array;
  readonly asset: Uint8Array;
  /** What the store holds. */
  readonly stored: bigint;

  constructor(address: Uint8Array, asset: Uint8Array, value: bigint) {
    super(value);
    this.address = address;
    this.asset = asset;
    this.stored = value;
  }

  toChange(before: bigint): StateChange | undefined {
    if (before === this.value) return undefined;
    return { kind: 'balance', address: this.address, asset: this.asset, before, after: this.value };
  }
}

export class NonceCell extends Cell<bigint> {
  readonly address: Uint8Array;

  constructor(address: Uint8Array, value: bigint) {
    super(value);
    this.address = address;
  }

  toChange(before: bigint): StateChange | undefined {
    if (before === this.value) return undefined;
    return { kind: 'nonce', address: this.address, before, after: this.value };
  }
}

export class CodeCell extends Cell<CodeRecord | undefined> {
  readonly address: Uint8Array;

  constructor(address: Uint8Array, value: CodeRecord | undefined) {
    super(value);
    this.address = address;
  }

  toChange(before: CodeRecord | undefined): StateChange | undefined {
    const after = this.value;
    if (before === after) return undefined;
    if (
      before !== undefined &&
      after !== undefined &&
      before.engine === after.engine &&
      equalBytes(before.code, after.code)
    ) {
      return undefined;
    }
    return {
      kind: 'code',
      address: this.address,
      before: before?.code,
      after: after?.code,
      engine: after?.engine,
    };
  }
}

export class AssetCell extends Cell<AssetRecord | undefined> {
  readonly asset: Uint8Array;

  constructor(asset: Uint8Array, value: AssetRecord | undefined) {
    super(value);
    this.asset = asset;
  }

  toChange(before: AssetRecord | undefined): StateChange | undefined {
    const after = this.value;
    if (after === undefined || before === after) return undefined;
    // Records are replaced as a whole and only their supply ever changes after creation.
    if (before !== undefined && before.supply === after.supply) return undefined;
    return { kind: 'asset', asset: this.asset, before, after };
  }
}

import type { AssetRecord } from '@switchyard/core';
import { decodeAsset, decodeStorage, decodeU64, KIND, recordKey, storageRecordKey } from './layout.ts';

/** What every store of records reads in the same way: single records, by the keys of layout.ts. */
export abstract class RecordReads {
  /** The value under a key; undefined where there is none. */
  protected abstract valueAt(key: Uint8Array): Uint8Array | undefined;

  getStorage(contract: Uint8Array, key: Uint8Array): Uint8Array | undefined {
    const value = this.valueAt(storageRecordKey(contract, key));
    return value === undefined ? undefined : decodeStorage(key, value);
  }

  getBalance(address: Uint8Array, asset: Uint8Array): bigint {
    const value = this.valueAt(recordKey(KIND.balance, address, asset));
    return value === undefined ? 0n : decodeU64(value);
  }

  getNonce(address: Uint8Array): bigint {
    const value = this.valueAt(recordKey(KIND.nonce, address));
    return value === undefined ? 0n : decodeU64(value);
  }

  getAsset(asset: Uint8Array): AssetRecord | undefined {
    const value = this.valueAt(recordKey(KIND.asset, asset));
    return value === undefined ? undefined : decodeAsset(value);
  }
}

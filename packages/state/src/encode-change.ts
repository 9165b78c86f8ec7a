import { codeHash, type StateChange } from '@switchyard/core';
import {
  encodeAsset,
  encodeCodeBody,
  encodeCodeHead,
  encodeStorage,
  encodeU64,
  KIND,
  recordKey,
  storageRecordKey,
} from './layout.ts';

/** A record to be put, or, without a value, to be removed. */
export interface RecordChange {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** What a change does to the records: one, or head and body of code. */
export function encodeChange(change: StateChange): readonly RecordChange[] {
  switch (change.kind) {
    case 'storage': {
      const { contract, key, after } = change;
      return [
        {
          key: storageRecordKey(contract, key),
          value: after === undefined ? undefined : encodeStorage(key, after),
        },
      ];
    }
    case 'balance':
      return [
        { key: recordKey(KIND.balance, change.address, change.asset), value: encodeAmount(change.after) },
      ];
    case 'nonce':
      return [{ key: recordKey(KIND.nonce, change.address), value: encodeAmount(change.after) }];
    case 'code': {
      const { address, after, engine } = change;
      return [
        {
          key: recordKey(KIND.codeHead, address),
          value: after === undefined ? undefined : encodeCodeHead({ hash: codeHash(after), engine }),
        },
        {
          key: recordKey(KIND.codeBody, address),
          value: after === undefined ? undefined : encodeCodeBody(after),
        },
      ];
    }
    case 'asset':
      return [
        {
          key: recordKey(KIND.asset, change.asset),
          value: change.after === undefined ? undefined : encodeAsset(change.after),
        },
      ];
  }
}

/** 0 is never stored. */
function encodeAmount(amount: bigint): Uint8Array | undefined {
  return amount === 0n ? undefined : encodeU64(amount);
}

import { type AssetRecord, codeHash, encodeUtf8, type StateEntry, VmError } from '@switchyard/core';
import { ByteReader } from './byte-reader.ts';
import { hashKey } from './hash-key.ts';

/*
 * How state lies in a key-value store. Key = version u8 ‖ kind u8 ‖ address 32 ‖ key; integers big-endian, so that byte order is number
 * order. Every value begins with the version of its own encoding, u8 = 1.
 *
 * kind | what           | address  | key               | value after its version
 * -----|----------------|----------|-------------------|---------------------------------------------------------------------
 *   1  | storage        | contract | storage key       | the value
 *   2  | storage, long  | contract | sha-256 of key    | key length u32 ‖ key ‖ value; for keys above 1,024 bytes
 *   3  | balance        | account  | asset 32          | amount u64
 *   4  | nonce          | account  | –                 | nonce u64
 *   5  | code, head     | contract | –                 | sha-256 of code 32 ‖ engine length u8 ‖ engine (0: none)
 *   6  | code, body     | contract | –                 | the code
 *   7  | asset          | asset    | –                 | creator 32 ‖ decimals u8 ‖ max supply u64 ‖ supply u64 ‖ name length u16 ‖ name
 *
 * The head of code is apart from its body so that a call reads 34 bytes to find its code in a cache by hash. LMDB's longest key is 1,978
 * bytes; the shortest limit for a storage key of an engine is 256, so the long form is rare. A store's own record has version 0: see
 * lmdb-store.ts.
 */

/** Version of the key layout, the first byte of every key. */
export const LAYOUT_VERSION = 1;

/** Longest storage key that is kept as it is. */
export const LONGEST_PLAIN_KEY = 1024;

const VALUE_VERSION = 1;

export const KIND = {
  storage: 1,
  longStorage: 2,
  balance: 3,
  nonce: 4,
  codeHead: 5,
  codeBody: 6,
  asset: 7,
} as const;

/** A key and its value as a store holds them. */
export interface StateRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The key of a record. */
export function recordKey(kind: number, address: Uint8Array, key?: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(34 + (key?.length ?? 0));
  bytes[0] = LAYOUT_VERSION;
  bytes[1] = kind;
  bytes.set(address, 2);
  if (key !== undefined) bytes.set(key, 34);
  return bytes;
}

/** Key of a storage slot, in its plain or its long form. */
export function storageRecordKey(contract: Uint8Array, key: Uint8Array): Uint8Array {
  return key.length <= LONGEST_PLAIN_KEY
    ? recordKey(KIND.storage, contract, key)
    : recordKey(KIND.longStorage, contract, hashKey(key));
}

/** Value of a storage slot, in the form that its key asks for. */
export function encodeStorage(key: Uint8Array, value: Uint8Array): Uint8Array {
  if (key.length <= LONGEST_PLAIN_KEY) return versioned(value);
  const bytes = new Uint8Array(5 + key.length + value.length);
  bytes[0] = VALUE_VERSION;
  new DataView(bytes.buffer).setUint32(1, key.length);
  bytes.set(key, 5);
  bytes.set(value, 5 + key.length);
  return bytes;
}

/** Reads what `encodeStorage` wrote for the key. */
export function decodeStorage(key: Uint8Array, value: Uint8Array): Uint8Array {
  const reader = open(value);
  if (key.length > LONGEST_PLAIN_KEY) reader.bytes(reader.u32());
  return reader.rest();
}

export function encodeU64(amount: bigint): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = VALUE_VERSION;
  new DataView(bytes.buffer).setBigUint64(1, amount);
  return bytes;
}

export function decodeU64(value: Uint8Array): bigint {
  const reader = open(value);
  const amount = reader.u64();
  reader.end();
  return amount;
}

export interface CodeHead {
  readonly hash: Uint8Array;
  readonly engine: string | undefined;
}

export function encodeCodeHead({ hash, engine }: CodeHead): Uint8Array {
  const name = encodeUtf8(engine ?? '');
  if (name.length > 255) throw new VmError('LIMIT_EXCEEDED', 'the name of an engine has at most 255 bytes.');
  const bytes = new Uint8Array(34 + name.length);
  bytes[0] = VALUE_VERSION;
  bytes.set(hash, 1);
  bytes[33] = name.length;
  bytes.set(name, 34);
  return bytes;
}

export function decodeCodeHead(value: Uint8Array): CodeHead {
  const reader = open(value);
  const hash = reader.bytes(32);
  const engine = reader.text(reader.u8());
  reader.end();
  return { hash, engine: engine === '' ? undefined : engine };
}

export function encodeCodeBody(code: Uint8Array): Uint8Array {
  return versioned(code);
}

export function decodeCodeBody(value: Uint8Array): Uint8Array {
  return open(value).rest();
}

export function encodeAsset(record: AssetRecord): Uint8Array {
  const name = encodeUtf8(record.name);
  const bytes = new Uint8Array(52 + name.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = VALUE_VERSION;
  bytes.set(record.creator, 1);
  bytes[33] = record.decimals;
  view.setBigUint64(34, record.maxSupply);
  view.setBigUint64(42, record.supply);
  view.setUint16(50, name.length);
  bytes.set(name, 52);
  return bytes;
}

export function decodeAsset(value: Uint8Array): AssetRecord {
  const reader = open(value);
  const creator = reader.bytes(32);
  const decimals = reader.u8();
  const maxSupply = reader.u64();
  const supply = reader.u64();
  const name = reader.text(reader.u16());
  reader.end();
  return Object.freeze({ creator, name, decimals, maxSupply, supply });
}

/** The records of an entry: one, or head and body of code. */
export function encodeEntry(entry: StateEntry): StateRecord[] {
  switch (entry.kind) {
    case 'storage':
      return [
        { key: storageRecordKey(entry.contract, entry.key), value: encodeStorage(entry.key, entry.value) },
      ];
    case 'balance':
      return [{ key: recordKey(KIND.balance, entry.address, entry.asset), value: encodeU64(entry.amount) }];
    case 'nonce':
      return [{ key: recordKey(KIND.nonce, entry.address), value: encodeU64(entry.nonce) }];
    case 'code':
      return [
        {
          key: recordKey(KIND.codeHead, entry.address),
          value: encodeCodeHead({ hash: codeHash(entry.code), engine: entry.engine }),
        },
        { key: recordKey(KIND.codeBody, entry.address), value: encodeCodeBody(entry.code) },
      ];
    case 'asset':
      return [{ key: recordKey(KIND.asset, entry.asset), value: encodeAsset(entry.record) }];
  }
}

function versioned(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(payload.length + 1);
  bytes[0] = VALUE_VERSION;
  bytes.set(payload, 1);
  return bytes;
}

function open(value: Uint8Array): ByteReader {
  const reader = new ByteReader(value);
  const version = reader.u8();
  if (version !== VALUE_VERSION) {
    throw new VmError(
      'STATE_CORRUPT',
      `a value has encoding version ${version}; this version reads ${VALUE_VERSION}.`,
    );
  }
  return reader;
}

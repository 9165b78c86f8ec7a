import { Failure } from '../bridge/failure.ts';
import type { ListedRecord, RawRecord } from './requests.ts';

/** Layout version, the first byte of every record's key; as in layout.ts, which would bring core into the worker. */
const LAYOUT_VERSION = 1;

/** A record's key in three columns. */
export type KeyColumns = readonly [kind: number, address: Uint8Array, key: Uint8Array];

/** Version u8 ‖ kind u8 ‖ address 32 ‖ key → columns. */
export function keyColumns(key: Uint8Array): KeyColumns {
  return [key[1]!, key.subarray(2, 34), key.subarray(34)];
}

/** Columns of many keys, as arrays for `unnest`. */
export function keyArrays(keys: readonly Uint8Array[]): unknown[] {
  const columns = keys.map(keyColumns);
  return [
    columns.map(([kind]) => kind),
    columns.map(([, address]) => address),
    columns.map(([, , key]) => key),
  ];
}

/** Columns of many records, as arrays for `unnest`. */
export function recordArrays(records: readonly RawRecord[]): unknown[] {
  return [...keyArrays(records.map(({ key }) => key)), records.map(({ value }) => value)];
}

/** What a database gives is not trusted: whoever may write to it may have written anything. */
export function listedRecord(name: string, row: Readonly<Record<string, unknown>>): ListedRecord {
  const { kind, address, key, value } = row;
  const isKey =
    typeof kind === 'number' &&
    Number.isInteger(kind) &&
    kind >= 0 &&
    kind <= 255 &&
    address instanceof Uint8Array &&
    address.length === 32 &&
    key instanceof Uint8Array;
  if (!isKey) throw corrupt(name, 'a record whose kind is no byte or whose address has not 32');
  const bytes = new Uint8Array(34 + key.length);
  bytes[0] = LAYOUT_VERSION;
  bytes[1] = kind;
  bytes.set(address, 2);
  bytes.set(key, 34);
  return { key: bytes, value: value instanceof Uint8Array ? own(value) : undefined };
}

/** Bytes in a buffer of their own: a copy to another thread takes the whole buffer along. */
export function own(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** A version as PostgreSQL writes a bigint. */
export function parseVersion(name: string, value: unknown): bigint {
  if (typeof value !== 'string' || !/^[0-9]{1,19}$/.test(value))
    throw corrupt(name, 'no row with its version');
  return BigInt(value);
}

/** STATE_CORRUPT saying what the store holds. */
export function corrupt(name: string, what: string): Failure {
  return new Failure({ code: 'STATE_CORRUPT', message: `the state store at ${name} holds ${what}.` });
}

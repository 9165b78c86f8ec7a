import { VmError } from '@switchyard/core';
import { open, type RootDatabase, type Transaction } from 'lmdb';
import { encodeU64, LAYOUT_VERSION } from '../layout.ts';
import { unavailable } from './open-errors.ts';

/** An LMDB store as this package opens it: bytes for bytes. */
export type Database = RootDatabase<Uint8Array, Uint8Array>;

/** Reads through this transaction, whatever was committed since. */
export interface View {
  readonly transaction: Transaction;
}

/** Key of the store's own record: version 0 ‖ "switchyard". Value: layout version u8 ‖ generation u64. */
export const META_KEY = Uint8Array.from([0, ...new TextEncoder().encode('switchyard')]);

/** @throws VmError STATE_UNAVAILABLE. */
export function openDatabase(path: string, readOnly: boolean): Database {
  try {
    return open<Uint8Array, Uint8Array>({
      path,
      readOnly,
      noSubdir: false,
      encoding: 'binary',
      keyEncoding: 'binary',
      overlappingSync: false,
    });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw unavailable(path, message, undefined, thrown);
  }
}

/** The store's own record. */
export function encodeMeta(generation: bigint): Uint8Array {
  const meta = encodeU64(generation);
  meta[0] = LAYOUT_VERSION;
  return meta;
}

/** The number that every commit raises; undefined in a new store. @throws VmError STATE_CORRUPT for another layout. */
export function readGeneration(db: Database, path: string, view?: View): bigint | undefined {
  const meta = db.get(META_KEY, view);
  if (meta === undefined) return undefined;
  if (meta.length !== 9 || meta[0] !== LAYOUT_VERSION) {
    throw new VmError(
      'STATE_CORRUPT',
      `the state store at ${path} has layout version ${meta[0]}; this version reads ${LAYOUT_VERSION}.`,
    );
  }
  return new DataView(meta.buffer, meta.byteOffset).getBigUint64(1);
}

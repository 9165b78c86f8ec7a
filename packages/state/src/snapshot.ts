import { compareBytes, VmError } from '@switchyard/core';
import type { StateRecord } from './layout.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import { SnapshotWriter } from './snapshot-writer.ts';
import type { StateStore } from './state-store.ts';

/*
 * A snapshot file: magic "SWYDSNAP" ‖ version u16 ‖ records ‖ trailer. Record: 1 u8 ‖ key length u32 ‖ value length u32 ‖ key ‖ value, as in
 * layout.ts, in byte order of the keys. Trailer: 0 u8 ‖ count u64 ‖ sha-256 of everything before the hash. Integers big-endian. Equal
 * states give equal files, whatever store they come from.
 */

/** What a snapshot holds. */
export interface SnapshotSummary {
  /** Number of records. */
  readonly count: number;
  /** Length of the file. */
  readonly bytes: number;
  /** sha-256 over the file up to the hash itself. */
  readonly hash: Uint8Array;
}

/** Options of `importSnapshot`. */
export interface ImportOptions {
  /** Drops what the store holds; without it a store that is not empty is refused. */
  readonly replace?: boolean;
}

/** Writes everything the store holds to a file, streamed. The file appears whole or not at all. @throws VmError FILE_UNREADABLE. */
export function exportSnapshot(store: StateStore, path: string): SnapshotSummary {
  const writer = new SnapshotWriter(path);
  try {
    for (const record of store.records()) writer.record(record);
    return writer.finish();
  } catch (thrown) {
    writer.abandon();
    throw thrown;
  }
}

/**
 * Fills the store from a file, streamed; all or nothing.
 * @throws VmError FILE_UNREADABLE, SNAPSHOT_INVALID for anything but a whole and unchanged snapshot, USAGE_INVALID when the store is not empty.
 */
export function importSnapshot(
  path: string,
  store: StateStore,
  options: ImportOptions = {},
): SnapshotSummary {
  if (options.replace !== true && !store.isEmpty) {
    throw new VmError(
      'USAGE_INVALID',
      `the state store ${store.name} is not empty, so the snapshot was not imported.`,
      {
        hint: 'Import into a new store, or ask to replace what this one holds.',
      },
    );
  }
  const reader = new SnapshotReader(path);
  try {
    store.replaceAll(inOrder(reader.records(), path));
    return reader.summary;
  } catch (thrown) {
    if (thrown instanceof VmError && thrown.code === 'STATE_CORRUPT') {
      throw new VmError('SNAPSHOT_INVALID', `${path}: ${thrown.message}`, { cause: thrown });
    }
    throw thrown;
  } finally {
    reader.close();
  }
}

function* inOrder(records: Iterable<StateRecord>, path: string): IterableIterator<StateRecord> {
  let last: Uint8Array | undefined;
  for (const record of records) {
    if (last !== undefined && compareBytes(last, record.key) >= 0) {
      throw new VmError('SNAPSHOT_INVALID', `${path}: its records are out of order.`);
    }
    last = record.key;
    yield record;
  }
}

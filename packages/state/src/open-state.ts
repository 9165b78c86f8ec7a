import { VmError } from '@switchyard/core';
import { LmdbStore } from './lmdb/lmdb-store.ts';
import { LmdbVersionReader } from './lmdb/version-reader.ts';
import { MemoryStore } from './memory-store.ts';
import { PostgresStore } from './postgres/postgres-store.ts';
import { PostgresVersionReader } from './postgres/version-reader.ts';
import type { StateOptions, StateStore, StateVersionReader } from './state-store.ts';

/**
 * Opens a state store.
 * @throws VmError STATE_UNAVAILABLE naming the path or the address and what to do, STATE_CORRUPT for a foreign or newer store.
 * @example const store = openState({ kind: 'lmdb', path: '.switchyard' });
 */
export function openState(options: StateOptions): StateStore {
  switch (options.kind) {
    case 'memory':
      return new MemoryStore();
    case 'lmdb':
      return new LmdbStore(options.path, options.readOnly ?? false);
    case 'postgres':
      return new PostgresStore(options);
    default:
      throw unknownKind(options);
  }
}

/**
 * Tells the version of a state store without opening it for anything else; see `StateVersionReader`. Opens nothing before the first
 * `read`.
 * @example const versions = openVersionReader({ kind: 'lmdb', path: '.switchyard' });
 */
export function openVersionReader(options: StateOptions): StateVersionReader {
  switch (options.kind) {
    case 'memory':
      // A memory store is seen by nobody else, so nobody else changes it.
      return { read: () => 0n, close: async () => {} };
    case 'lmdb':
      return new LmdbVersionReader(options.path);
    case 'postgres':
      return new PostgresVersionReader(options);
    default:
      throw unknownKind(options);
  }
}

/** For callers without a type checker: a kind that is misspelt must not open some store. */
function unknownKind(options: never): VmError {
  const { kind } = options as { readonly kind?: unknown };
  return new VmError(
    'CONFIG_INVALID',
    `state.kind: expected "memory", "lmdb" or "postgres", found ${JSON.stringify(kind)}.`,
  );
}

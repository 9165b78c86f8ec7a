import type { StateBackend, StateEntry } from '@switchyard/core';
import type { StateRecord } from './layout.ts';

/** A state store that can be listed, filled and closed. */
export interface StateStore extends StateBackend {
  readonly kind: 'memory' | 'lmdb' | 'postgres';
  /** What a message calls it: the path, `memory`, or the address without its password. */
  readonly name: string;
  readonly isEmpty: boolean;
  /** Everything held, in the order of `records`. */
  entries(): Iterable<StateEntry>;
  /** Everything held, as keys and values of layout.ts, in byte order of the keys. */
  records(): Iterable<StateRecord>;
  /** Replaces everything held by the records, or, when iterating or decoding them throws, changes nothing. */
  replaceAll(records: Iterable<StateRecord>): void;
  /**
   * Starts a view of the present state: until `unpin`, every read shows this one state, whatever other processes commit. Pinning again
   * starts a new view; a `commit` or `replaceAll` of this store's own ends it. A commit after a pin builds on the pinned state: it is
   * refused when another process has committed since.
   * @returns the version of the state, a number that every commit raises.
   * @throws VmError STATE_UNAVAILABLE, STATE_CORRUPT.
   */
  pin(): bigint;
  /** Ends the view: reads show the present state again. Without a view nothing happens. */
  unpin(): void;
  /** Releases the store; it cannot be used afterwards. */
  close(): Promise<void>;
}

/** How to open a state store. */
export type StateOptions =
  | { readonly kind: 'memory' }
  | {
      readonly kind: 'lmdb';
      /** A folder; it is made if only its last part is missing. */
      readonly path: string;
      /** Opens an existing store for reading; any number of processes may. */
      readonly readOnly?: boolean;
    }
  | PostgresOptions;

/** How to open a store in a PostgreSQL database. */
export interface PostgresOptions {
  readonly kind: 'postgres';
  /**
   * `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. Parameters: `host` (the folder of a Unix socket), `sslmode` (`disable`, `require`,
   * `verify-full`; default: `disable`), `sslrootcert` (a file in PEM). What is left out comes from PGUSER and PGPASSWORD.
   */
  readonly url: string;
  /** Schema of the tables, so that several stores fit into a database. Default: `switchyard`. */
  readonly schema?: string;
  /** Opens an existing store for reading, with no more than rights to read. */
  readonly readOnly?: boolean;
  /** Longest wait, in milliseconds, for a connection and for a statement each. Default: 5000. */
  readonly timeoutMs?: number;
  /** Makes no tables where there are none. */
  readonly mustExist?: boolean;
}

/** Tells a store's version beside the threads that read it, so that a caller who must not block knows whether anything changed. */
export interface StateVersionReader {
  /**
   * The version that `pin` would return now. A promise where the store is asked over a network.
   * @throws VmError STATE_UNAVAILABLE (or rejects with it) as long as the store is not there; reading again tries again. STATE_CORRUPT.
   */
  read(): bigint | Promise<bigint>;
  close(): Promise<void>;
}

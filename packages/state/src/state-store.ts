import type { StateBackend, StateEntry } from '@switchyard/core';
import type { StateRecord } from './layout.ts';

/** A state store that can be listed, filled and closed. */
export interface StateStore extends StateBackend {
  readonly kind: 'memory' | 'lmdb';
  /** What a message calls it: the path, or `memory`. */
  readonly name: string;
  readonly isEmpty: boolean;
  /** Everything held, in the order of `records`. */
  entries(): Iterable<StateEntry>;
  /** Everything held, as keys and values of layout.ts, in byte order of the keys. */
  records(): Iterable<StateRecord>;
  /** Replaces everything held by the records, or, when iterating or decoding them throws, changes nothing. */
  replaceAll(records: Iterable<StateRecord>): void;
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
    };

import { LmdbStore } from './lmdb-store.ts';
import { MemoryStore } from './memory-store.ts';
import type { StateOptions, StateStore } from './state-store.ts';

/**
 * Opens a state store.
 * @throws VmError STATE_UNAVAILABLE naming the path and what to do, STATE_CORRUPT for a foreign or newer store.
 * @example const store = openState({ kind: 'lmdb', path: '.switchyard' });
 */
export function openState(options: StateOptions): StateStore {
  return options.kind === 'memory'
    ? new MemoryStore()
    : new LmdbStore(options.path, options.readOnly ?? false);
}

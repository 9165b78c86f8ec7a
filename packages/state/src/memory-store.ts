import {
  compareBytes,
  entryToChange,
  MemoryBackend,
  type StateChange,
  type StateEntry,
} from '@switchyard/core';
import { encodeEntry, type StateRecord } from './layout.ts';
import { RecordDecoder } from './record-decoder.ts';
import type { StateStore } from './state-store.ts';

/** The memory back end as a store. */
export class MemoryStore extends MemoryBackend implements StateStore {
  readonly kind = 'memory';
  readonly name = 'memory';
  #version = 0n;

  override commit(changes: readonly StateChange[]): void {
    super.commit(changes);
    this.#version++;
  }

  /** Nobody else writes here, so the present state is the view. */
  pin(): bigint {
    return this.#version;
  }

  unpin(): void {}

  records(): Iterable<StateRecord> {
    const records: StateRecord[] = [];
    for (const entry of super.entries()) records.push(...encodeEntry(entry));
    return records.sort((a, b) => compareBytes(a.key, b.key));
  }

  override *entries(): IterableIterator<StateEntry> {
    const decoder = new RecordDecoder();
    for (const record of this.records()) {
      const entry = decoder.decode(record);
      if (entry !== undefined) yield entry;
    }
  }

  replaceAll(records: Iterable<StateRecord>): void {
    const fresh = new MemoryBackend();
    const decoder = new RecordDecoder();
    for (const record of records) {
      const entry = decoder.decode(record);
      if (entry !== undefined) fresh.commit([entryToChange(entry)]);
    }
    decoder.finish();
    this.swap(fresh);
    this.#version++;
  }

  async close(): Promise<void> {
    this.clear();
  }
}

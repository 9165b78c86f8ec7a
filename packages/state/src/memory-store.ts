import { compareBytes, entryToChange, MemoryBackend, type StateEntry } from '@switchyard/core';
import { encodeEntry, type StateRecord } from './layout.ts';
import { RecordDecoder } from './record-decoder.ts';
import type { StateStore } from './state-store.ts';

/** The memory back end as a store. */
export class MemoryStore extends MemoryBackend implements StateStore {
  readonly kind = 'memory';
  readonly name = 'memory';

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
  }

  async close(): Promise<void> {
    this.clear();
  }
}

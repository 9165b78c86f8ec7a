import { LRUCache } from 'lru-cache';

/** Bytes of what was read and is kept. */
const CACHE_BYTES = 67_108_864;

/** What an entry takes beside its bytes, about. */
const ENTRY_BYTES = 150;

/** Something that was read: bytes of a record, a number, a truth; undefined where nothing is. */
export type Cached = Uint8Array | number | boolean | undefined;

/** Remembers what a version of the state holds; of another version it knows nothing. The longest unused goes first. */
export class ReadCache {
  readonly #entries = new LRUCache<string, { readonly value: Cached }>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ value }, name) =>
      ENTRY_BYTES + name.length + (value instanceof Uint8Array ? value.length : 0),
  });
  #version = -1n;

  /** From now on reads are of this version. */
  useVersion(version: bigint): void {
    if (version === this.#version) return;
    this.#entries.clear();
    this.#version = version;
  }

  /** What was read before, or what `read` gives. The bytes are the cache's: nobody may write them. */
  get<T extends Cached>(what: string, key: Uint8Array, read: () => T): T {
    const name = what + Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
    const found = this.#entries.get(name);
    if (found !== undefined) return found.value as T;
    const value = read();
    this.#entries.set(name, { value });
    return value;
  }
}

import { bytesToHex } from '../bytes.ts';

/** What a compiled or parsed module depends on. */
export interface ModuleKey {
  readonly engine: string;
  /** The engine's version as text. */
  readonly version: string;
  /** The options that shape the module, as text in a fixed form (`stableJson`). */
  readonly options: string;
  /** sha-256 of the code. */
  readonly codeHash: Uint8Array;
}

interface CacheEntry {
  readonly value: unknown;
  readonly bytes: number;
}

/** Default bound of a module cache: 64 MiB. */
export const DEFAULT_MODULE_CACHE_BYTES = 67_108_864;

/**
 * Compiled and parsed modules of all engines, least recently used out first, bounded in bytes. A value must be immutable or carry no
 * state of a run. Whoever puts a value says how many bytes it holds, roughly.
 */
export class ModuleCache {
  readonly maxBytes: number;
  /** Insertion order is age: a used entry is put again at the end. */
  readonly #entries = new Map<string, CacheEntry>();
  #bytes = 0;

  constructor(maxBytes: number = DEFAULT_MODULE_CACHE_BYTES) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The module, which counts as used now. The caller knows the type by its engine. */
  get<T>(key: ModuleKey): T | undefined {
    const name = keyText(key);
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    return entry.value as T;
  }

  /** Keeps a module, and drops the least recently used until all fit. A module above the bound is not kept. */
  put<T>(key: ModuleKey, value: T, bytes: number): void {
    const name = keyText(key);
    this.#drop(name);
    if (bytes > this.maxBytes) return;
    this.#entries.set(name, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.maxBytes) break;
      this.#drop(oldest);
    }
  }

  /** The module, made now if it is not kept. */
  getOrCreate<T>(key: ModuleKey, create: () => { readonly value: T; readonly bytes: number }): T {
    const kept = this.get<T>(key);
    if (kept !== undefined) return kept;
    const { value, bytes } = create();
    this.put(key, value, bytes);
    return value;
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #drop(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.#bytes -= entry.bytes;
  }
}

function keyText(key: ModuleKey): string {
  return `${key.engine}\n${key.version}\n${key.options}\n${bytesToHex(key.codeHash)}`;
}

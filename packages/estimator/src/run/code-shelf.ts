import { createHash } from 'node:crypto';
import { rememberCodeHash } from '@switchyard/core';
import { LRUCache } from 'lru-cache';

/**
 * Codes that came with requests, by their hash, so that the same code is the same array again, and finds what engines have made of it.
 * Bounded in bytes, least recently used out first.
 */
export class CodeShelf {
  readonly #codes: LRUCache<string, Uint8Array>;

  constructor(maxBytes: number) {
    // An empty code is one, too.
    this.#codes = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ length }) => length + 1 });
  }

  /** The bytes of hexadecimal text that the schema has let through. */
  take(text: string): Uint8Array {
    const given = Buffer.from(text.startsWith('0x') ? text.slice(2) : text, 'hex');
    const hash = createHash('sha256').update(given).digest();
    const name = hash.toString('latin1');
    const kept = this.#codes.get(name);
    if (kept !== undefined) return kept;
    const code = new Uint8Array(given);
    rememberCodeHash(code, new Uint8Array(hash));
    this.#codes.set(name, code);
    return code;
  }
}

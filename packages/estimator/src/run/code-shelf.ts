import { createHash } from 'node:crypto';
import { rememberCodeHash } from '@switchyard/core';

/**
 * Codes that came with requests, by their hash, so that the same code is the same array again, and finds what engines have made of it.
 * Bounded in bytes, least recently used out first.
 */
export class CodeShelf {
  readonly #maxBytes: number;
  readonly #codes = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The bytes of hexadecimal text that the schema has let through. */
  take(text: string): Uint8Array {
    const given = Buffer.from(text.startsWith('0x') ? text.slice(2) : text, 'hex');
    const hash = createHash('sha256').update(given).digest();
    const name = hash.toString('latin1');
    const kept = this.#codes.get(name);
    if (kept !== undefined) {
      this.#codes.delete(name);
      this.#codes.set(name, kept);
      return kept;
    }
    const code = new Uint8Array(given);
    rememberCodeHash(code, new Uint8Array(hash));
    this.#keep(name, code);
    return code;
  }

  #keep(name: string, code: Uint8Array): void {
    if (code.length > this.#maxBytes) return;
    this.#codes.set(name, code);
    this.#bytes += code.length;
    for (const [oldest, { length }] of this.#codes) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#codes.delete(oldest);
      this.#bytes -= length;
    }
  }
}

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, type CompiledCodeCache, encodeUtf8, stableJson } from '@switchyard/core';
import { TRANSLATOR_VERSION } from '../compiler/compile.ts';
import type { CompilerInput } from '../compiler/input.ts';

/** One program's place in the host's cache of compiled code. */
export class KeptCode {
  readonly #cache: CompiledCodeCache;
  readonly #codeHash: Uint8Array;
  readonly #input: () => CompilerInput;
  #key: string | undefined;

  /** @param input what the compiler would be given now; asked for at most once. */
  constructor(cache: CompiledCodeCache, codeHash: Uint8Array, input: () => CompilerInput) {
    this.#cache = cache;
    this.#codeHash = codeHash;
    this.#input = input;
  }

  get(): Uint8Array | undefined {
    return this.#cache.get(this.#keyText());
  }

  put(bytes: Uint8Array): void {
    this.#cache.put(this.#keyText(), bytes);
  }

  #keyText(): string {
    this.#key ??= ['tbpf', TRANSLATOR_VERSION, bytesToHex(this.#codeHash), fingerprint(this.#input())].join(
      ' ',
    );
    return this.#key;
  }
}

/**
 * Hash of all that the compiler is given but the profile, which makes code faster and nothing else. Options and the host's functions
 * are in it, as far as they shape the code; and so is what a loader or a table of syscalls of another release would do differently, which
 * the hash of the code alone would not tell. That hash stands beside it because numbers in here mean something only to this release.
 */
function fingerprint(input: CompilerInput): string {
  const hash = sha256.create();
  const fields = Object.entries({ ...input }).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, value] of fields) {
    if (name === 'profile') continue;
    const bytes = ArrayBuffer.isView(value) ? bytesOf(value) : encodeUtf8(stableJson(value));
    hash.update(encodeUtf8(`${name} ${bytes.length} `)).update(bytes);
  }
  return bytesToHex(hash.digest());
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

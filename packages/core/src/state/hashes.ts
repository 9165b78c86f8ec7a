import { blake3 } from '@noble/hashes/blake3.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../bytes.ts';
import { encodeUtf8 } from '../text.ts';

const codeHashes = new WeakMap<Uint8Array, Uint8Array>();

/** sha-256 of code, remembered as long as the same array lives. The array must not be written afterwards. */
export function codeHash(code: Uint8Array): Uint8Array {
  let hash = codeHashes.get(code);
  if (hash === undefined) {
    hash = sha256(code);
    codeHashes.set(code, hash);
  }
  return hash;
}

/** Tells `codeHash` what a store already knows, so that reading long code does not hash it again. */
export function rememberCodeHash(code: Uint8Array, hash: Uint8Array): void {
  codeHashes.set(code, hash);
}

/** Identifier of a contract-created asset: BLAKE3(creating contract ‖ UTF-8 name). */
export function assetHash(creator: Uint8Array, name: string): Uint8Array {
  return blake3(concatBytes(creator, encodeUtf8(name)));
}

import { keccak_256 } from '@noble/hashes/sha3.js';

/** Address of a new contract by the creator-nonce policy: keccak-256(creator ‖ nonce, 8 bytes big-endian) (framework.md D38). */
export function contractAddress(creator: Uint8Array, nonce: bigint): Uint8Array {
  const bytes = new Uint8Array(creator.length + 8);
  bytes.set(creator);
  new DataView(bytes.buffer).setBigUint64(creator.length, nonce);
  return keccak_256(bytes);
}

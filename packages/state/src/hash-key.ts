import { createHash } from 'node:crypto';

/** sha-256 of a long storage key. */
export function hashKey(key: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(key).digest());
}

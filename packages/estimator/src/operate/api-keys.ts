import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new key, and the entry that the configuration's `estimator.keys` gets for it. */
export interface NewApiKey {
  /** To hand to the client; it cannot be read from the entry. */
  readonly key: string;
  readonly entry: { readonly name: string; readonly sha256: string };
}

/** Makes a key of 32 random bytes: `swy_` and 43 characters of base64url. */
export function createApiKey(name: string): NewApiKey {
  const key = `swy_${randomBytes(32).toString('base64url')}`;
  return { key, entry: { name, sha256: sha256(key).toString('hex') } };
}

/** Finds whose a key is, in a time that tells nothing of the keys. */
export class KeyRing<T extends { readonly sha256: string }> {
  readonly #entries: readonly { readonly digest: Buffer; readonly owner: T }[];

  constructor(owners: readonly T[]) {
    this.#entries = owners.map((owner) => ({ digest: Buffer.from(owner.sha256, 'hex'), owner }));
  }

  /** The owner of a key, or undefined. */
  find(key: string): T | undefined {
    // The hash of nothing is what an unset variable gives; whoever configured it did not mean to let everybody in.
    if (key === '') return undefined;
    const digest = sha256(key);
    let found: T | undefined;
    // All are compared, so that the time does not tell which one was near.
    for (const entry of this.#entries) if (timingSafeEqual(entry.digest, digest)) found = entry.owner;
    return found;
  }
}

/** The key that a request brings: `Authorization: Bearer KEY` or `X-API-Key: KEY`; '' for an Authorization of another kind. */
export function presentedKey(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): string | undefined {
  const { authorization } = headers;
  if (typeof authorization === 'string') return /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

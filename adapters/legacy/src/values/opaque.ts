/**
 * Host objects that contracts hold. The first six can be on the wire and in parameters; the others are handles of the running call, or of
 * types that the host registered.
 */
export type OpaqueType =
  | 'Hash'
  | 'Address'
  | 'Signature'
  | 'Ciphertext'
  | 'CiphertextValidityProof'
  | 'RangeProof'
  | 'Transaction'
  | 'Block'
  | 'Random'
  | 'Storage'
  | 'ReadOnlyStorage'
  | 'MemoryStorage'
  | 'Asset'
  | (string & {});

/** One opaque value. Immutable: `bytes` is its content after the tag on the wire, or what a handle refers to. */
export interface Opaque {
  readonly type: OpaqueType;
  readonly bytes: Uint8Array;
}

/** Wire tags (spec §2.3); a type that is not here cannot be written. */
export const OPAQUE_TAGS: readonly OpaqueType[] = [
  'Hash',
  'Address',
  'Signature',
  'Ciphertext',
  'CiphertextValidityProof',
  'RangeProof',
];

/** True for the types that a module's constants and a call's parameters may hold. */
export function isInputOpaque(type: OpaqueType): boolean {
  return OPAQUE_TAGS.includes(type);
}

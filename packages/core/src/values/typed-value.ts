/** Widths of unsigned integers, by the name of their type. */
export const INTEGER_BITS = Object.freeze({ u8: 8, u16: 16, u32: 32, u64: 64, u128: 128, u256: 256 });

/** Name of an unsigned integer's type. */
export type IntegerKind = keyof typeof INTEGER_BITS;

/** An unsigned integer of a fixed width. */
export interface IntegerValue {
  readonly kind: IntegerKind;
  readonly value: bigint;
}

/**
 * A value that says its own type: what a host and an engine give each other where contracts have typed values. Plain data, owned by
 * whoever made it and never written by whoever gets it. `object` is what arrays, tuples, structs and enum values are alike: elements in
 * order, an enum value with its variant's number (u8) first. An opaque value is a host's own: a type's name and its content in bytes.
 */
export type TypedValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | IntegerValue
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'range'; readonly start: IntegerValue; readonly end: IntegerValue }
  | { readonly kind: 'opaque'; readonly type: string; readonly content: Uint8Array }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'object'; readonly elements: readonly TypedValue[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: TypedValue, value: TypedValue])[] };

/** True for the six kinds of integers. */
export function isIntegerKind(kind: string): kind is IntegerKind {
  return Object.hasOwn(INTEGER_BITS, kind);
}

/** True for a value that is an integer. */
export function isIntegerValue(value: TypedValue): value is IntegerValue {
  return isIntegerKind(value.kind);
}

/** True when the integer is not negative and has no more bits than its kind. */
export function isInWidth(kind: IntegerKind, value: bigint): boolean {
  return value >= 0n && value >> BigInt(INTEGER_BITS[kind]) === 0n;
}

/**
 * What a box holds. 0–10 are primitives and equal their tags on the wire; above are the other cells; `Pointer` stands on the operand
 * stack and in registers only.
 */
export const enum Kind {
  Null = 0,
  U8 = 1,
  U16 = 2,
  U32 = 3,
  U64 = 4,
  U128 = 5,
  U256 = 6,
  Boolean = 7,
  String = 8,
  Range = 9,
  Opaque = 10,
  Bytes = 11,
  Object = 12,
  Map = 13,
  Pointer = 14,
}

/** True for the six integer kinds. */
export function isInteger(kind: Kind): boolean {
  return kind >= Kind.U8 && kind <= Kind.U256;
}

/** True for a cell that the specification calls `Default`: one primitive. */
export function isPrimitive(kind: Kind): boolean {
  return kind <= Kind.Opaque;
}

const BITS: readonly number[] = [0, 8, 16, 32, 64, 128, 256];

/** Width of an integer kind in bits. */
export function bitsOf(kind: Kind): number {
  return BITS[kind]!;
}

/** The specification's name of a kind's type, as errors print it: `U8`, `Bool`, `String`. */
export function typeName(kind: Kind): string {
  return TYPE_NAMES[kind]!;
}

const TYPE_NAMES: readonly string[] = [
  'Null',
  'U8',
  'U16',
  'U32',
  'U64',
  'U128',
  'U256',
  'Bool',
  'String',
  'Range',
  'Opaque',
  'Bytes',
  'Array',
  'Map',
  'Pointer',
];

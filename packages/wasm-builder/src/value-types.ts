/**
 * Value types (specification §5.3.1–5.3.4) as the signed number that their byte is in LEB128: 0x7f is −1. So a block type is one
 * number: negative a value type or EMPTY, otherwise the index of a function type.
 */
export const I32 = -0x01;
export const I64 = -0x02;
export const F32 = -0x03;
export const F64 = -0x04;
/** A reference to a function; the type of table elements only. */
export const FUNCREF = -0x10;
/** The block type without parameters and results, byte 0x40. */
export const EMPTY = -0x40;

/** A type of operands, locals, globals, parameters and results. */
export type ValueType = typeof I32 | typeof I64 | typeof F32 | typeof F64;

/** EMPTY, a value type (one result), or the index of a function type. */
export type BlockType = number;

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export function isValueType(type: number): type is ValueType {
  return type <= I32 && type >= F64;
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [I32, 'i32'],
  [I64, 'i64'],
  [F32, 'f32'],
  [F64, 'f64'],
  [FUNCREF, 'funcref'],
]);

/** The type as the text format spells it; `any` for an operand that unreachable code conjured up. */
export function typeName(type: number): string {
  return NAMES.get(type) ?? 'any';
}

import type { IntegerType, ValueType } from '@switchyard/core';

/** The type of a parameter, a result or a field. Opaque types come from `EnvironmentBuilder.registerOpaque`. */
export type Type = ValueType;

const simple = <K extends Type['kind']>(kind: K): { readonly kind: K } => Object.freeze({ kind });

/** Makes types: `Type.array(Type.u8)`, `Type.struct({ owner: Type.bytes, amount: Type.u64 })`. */
export const Type = Object.freeze({
  any: simple('any'),
  bool: simple('bool'),
  u8: simple('u8'),
  u16: simple('u16'),
  u32: simple('u32'),
  u64: simple('u64'),
  u128: simple('u128'),
  u256: simple('u256'),
  string: simple('string'),
  bytes: simple('bytes'),
  optional: (of: Type): Type => ({ kind: 'optional', of }),
  array: (of: Type): Type => ({ kind: 'array', of }),
  range: (of: IntegerType): Type => ({ kind: 'range', of }),
  tuple: (...of: readonly Type[]): Type => ({ kind: 'tuple', of }),
  /** Fields in their order; names are for the reader. */
  struct: (fields: Readonly<Record<string, Type>>): Type => ({ kind: 'tuple', of: Object.values(fields) }),
  /** Variants in their order, each with its fields. */
  enum: (variants: Readonly<Record<string, Readonly<Record<string, Type>>>>): Type => ({
    kind: 'enum',
    variants: Object.values(variants).map((fields) => Object.values(fields)),
  }),
  map: (key: Type, value: Type): Type => ({ kind: 'map', key, value }),
});

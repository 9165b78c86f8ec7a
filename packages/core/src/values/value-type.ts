import type { IntegerKind } from './typed-value.ts';

/** An unsigned integer's type. */
export interface IntegerType {
  readonly kind: IntegerKind;
}

/**
 * The type of a parameter or a result. A struct is a tuple of its fields' types, as on the wire. `any` is a value of whatever type, which
 * only an engine with typed values can pass. An opaque type has a name and the number of bytes of its content.
 */
export type ValueType =
  | { readonly kind: 'any' }
  | { readonly kind: 'bool' | 'string' | 'bytes' }
  | IntegerType
  | { readonly kind: 'optional' | 'array'; readonly of: ValueType }
  | { readonly kind: 'range'; readonly of: IntegerType }
  | { readonly kind: 'tuple'; readonly of: readonly ValueType[] }
  | { readonly kind: 'enum'; readonly variants: readonly (readonly ValueType[])[] }
  | { readonly kind: 'map'; readonly key: ValueType; readonly value: ValueType }
  | { readonly kind: 'opaque'; readonly name: string; readonly bytes: number };

/** A type as text, for messages: `u64`, `u8[]`, `optional<string>`, `map<string, u64>`, `(u8, bool)`, `Hash`. */
export function describeType(type: ValueType): string {
  switch (type.kind) {
    case 'optional':
    case 'range':
      return `${type.kind}<${describeType(type.of)}>`;
    case 'array':
      return `${describeType(type.of)}[]`;
    case 'tuple':
      return `(${type.of.map(describeType).join(', ')})`;
    case 'enum':
      return `enum<${type.variants.map((fields) => `(${fields.map(describeType).join(', ')})`).join(' | ')}>`;
    case 'map':
      return `map<${describeType(type.key)}, ${describeType(type.value)}>`;
    case 'opaque':
      return type.name;
    default:
      return type.kind;
  }
}

/** The types directly inside a type. */
export function innerTypes(type: ValueType): readonly ValueType[] {
  switch (type.kind) {
    case 'optional':
    case 'range':
    case 'array':
      return [type.of];
    case 'tuple':
      return type.of;
    case 'enum':
      return type.variants.flat();
    case 'map':
      return [type.key, type.value];
    default:
      return [];
  }
}

/** True when `any` is the type or somewhere inside it. */
export function hasAny(type: ValueType): boolean {
  return type.kind === 'any' || innerTypes(type).some(hasAny);
}

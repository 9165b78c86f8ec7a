import { INTEGER_BITS, type IntegerKind, type IntegerValue, misfit, type TypedValue } from '@switchyard/core';
import { valueError } from './errors.ts';

/** What a `ValueCell.default` holds: one null, bool, integer, string, range or opaque value. */
export type Primitive = Exclude<TypedValue, { readonly kind: 'bytes' | 'object' | 'map' }>;

/** The value, after a check. @throws VmError VALUE_INVALID. */
export function checked<T extends TypedValue>(value: T): T {
  const wrong = misfit(value, { kind: 'any' });
  if (wrong !== undefined) throw valueError(wrong);
  return value;
}

/** A copy of bytes. @throws VmError VALUE_INVALID. */
export function copied(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return new Uint8Array(bytes);
  throw valueError(`expected a Uint8Array, found a ${typeof bytes}`);
}

function integer(kind: IntegerKind, value: bigint | number): IntegerValue {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) {
    throw valueError(`${String(value)} is not a ${kind}`);
  }
  return checked({ kind, value: BigInt(value) });
}

type IntegerConstructors = { readonly [K in IntegerKind]: (value: bigint | number) => IntegerValue };

const integers = Object.fromEntries(
  (Object.keys(INTEGER_BITS) as IntegerKind[]).map((kind) => [
    kind,
    (value: bigint | number) => integer(kind, value),
  ]),
) as IntegerConstructors;

/** Makes primitives. All throw VmError VALUE_INVALID for a value that does not fit. */
export const Primitive = Object.freeze({
  ...integers,
  null: Object.freeze({ kind: 'null' }) as Primitive,
  bool: (value: boolean): Primitive => checked({ kind: 'bool', value }),
  string: (value: string): Primitive => checked({ kind: 'string', value }),
  /** By convention the end is not part of it. */
  range: (start: IntegerValue, end: IntegerValue): Primitive => checked({ kind: 'range', start, end }),
  /** A value of an opaque type: its name and its content. */
  opaque: (type: string, content: Uint8Array): Primitive =>
    checked({ kind: 'opaque', type, content: copied(content) }),
});

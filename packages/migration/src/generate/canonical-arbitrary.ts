import { isIntegerKind, type ValueType } from '@switchyard/core';
import {
  type Arbitrary,
  array,
  bigInt,
  boolean,
  constant,
  constantFrom,
  oneof,
  option,
  string,
  tuple,
  uint8Array,
} from 'fast-check';
import { type Canonical, hex } from '../mapping/canonical.ts';
import { largest } from '../mapping/mapped-type.ts';

/** Values that a suite speaks of: generated calls use them often, since contracts compare with what was said before. */
export interface Dictionary {
  /** Accounts, `0x…`. */
  readonly accounts: readonly string[];
  readonly integers: readonly bigint[];
  readonly texts: readonly string[];
}

/** Canonical values of a type: edges of integers, the dictionary's values, small ones, and any. They shrink towards 0, empty, the first account. */
export function canonicalArbitrary(type: ValueType, dictionary: Dictionary): Arbitrary<Canonical> {
  if (isIntegerKind(type.kind)) return integerArbitrary(largest(type.kind), dictionary);
  switch (type.kind) {
    case 'bool':
      return boolean();
    case 'string':
      return textArbitrary(dictionary).map((text) => ({ text }));
    case 'bytes':
      return uint8Array({ maxLength: 40 }).map(hex);
    case 'opaque':
      if (type.name === 'Address') return constantFrom(...dictionary.accounts);
      return oneof(
        constant(new Uint8Array(type.bytes)),
        uint8Array({ minLength: type.bytes, maxLength: type.bytes }),
      ).map(hex);
    case 'optional':
      return option(canonicalArbitrary(type.of, dictionary), { nil: null });
    case 'array':
      return array(canonicalArbitrary(type.of, dictionary), { maxLength: 6 });
    case 'tuple':
      return tuple(...type.of.map((each) => canonicalArbitrary(each, dictionary)));
    case 'map':
      return array(
        tuple(canonicalArbitrary(type.key, dictionary), canonicalArbitrary(type.value, dictionary)),
        { maxLength: 4 },
      );
    default:
      return constant(null);
  }
}

/** Integers as decimal text, up to a largest one. */
export function integerArbitrary(max: bigint, { integers }: Dictionary): Arbitrary<string> {
  const near = integers.flatMap((value) => [value - 1n, value, value + 1n]);
  const known = [...new Set(near)].filter((value) => value >= 0n && value <= max);
  const edges = [0n, 1n, 2n, max / 2n, max - 1n, max].filter((value) => value >= 0n);
  return oneof(
    { weight: 5, arbitrary: bigInt({ min: 0n, max: max < 20n ? max : 20n }) },
    { weight: 4, arbitrary: constantFrom(...(known.length > 0 ? known : [0n])) },
    { weight: 2, arbitrary: constantFrom(...edges) },
    { weight: 1, arbitrary: bigInt({ min: 0n, max }) },
  ).map((value) => `${value}`);
}

function textArbitrary({ texts }: Dictionary): Arbitrary<string> {
  const edges = ['', 'a', 'b', 'é', 'x'.repeat(32), 'x'.repeat(33)];
  return oneof(
    { weight: 6, arbitrary: constantFrom(...texts, ...edges) },
    { weight: 1, arbitrary: string({ maxLength: 40 }) },
  );
}

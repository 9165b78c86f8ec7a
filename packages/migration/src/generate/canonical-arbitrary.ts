import { isIntegerKind, type ValueType } from '@switchyard/core';
import {
  type Arbitrary,
  array,
  bigInt,
  boolean,
  constant,
  constantFrom,
  nat,
  oneof,
  option,
  string,
  tuple,
  uint8Array,
} from 'fast-check';
import { type Canonical, hex } from '../mapping/canonical.ts';
import { largest } from '../mapping/mapped-type.ts';
import type { WordList } from './word-list.ts';

/** Values that generated calls use often, since contracts compare with what was said before. */
export interface Dictionary {
  /** Accounts, `0x…`. */
  readonly accounts: readonly string[];
  readonly integers: readonly bigint[];
  readonly texts: readonly string[];
  /** What the present sequence spoke of. Read when a value is drawn, so it may change. */
  readonly recent: WordList;
}

/**
 * Canonical values of a type: edges of integers, the dictionary's values, what the sequence spoke of, small ones, and any. They shrink
 * towards 0, empty, the first account.
 */
export function canonicalArbitrary(type: ValueType, dictionary: Dictionary): Arbitrary<Canonical> {
  if (isIntegerKind(type.kind)) return integerArbitrary(largest(type.kind), dictionary);
  switch (type.kind) {
    case 'bool':
      return boolean();
    case 'string':
      return textArbitrary(dictionary).map((text) => ({ text }));
    case 'bytes':
      return bytesArbitrary(uint8Array({ maxLength: 40 }).map(hex), dictionary);
    case 'opaque': {
      if (type.name === 'Address') return constantFrom(...dictionary.accounts);
      const { bytes } = type;
      const other = oneof(
        constant(new Uint8Array(bytes)),
        uint8Array({ minLength: bytes, maxLength: bytes }),
      ).map(hex);
      return bytesArbitrary(other, dictionary, bytes);
    }
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
export function integerArbitrary(max: bigint, { integers, recent }: Dictionary): Arbitrary<string> {
  const known = inRange(integers.flatMap(near), max);
  const edges = inRange([0n, 1n, 2n, max / 2n, max - 1n, max], max);
  const small = bigInt({ min: 0n, max: max < 20n ? max : 20n });
  return oneof(
    { weight: 5, arbitrary: small },
    { weight: 4, arbitrary: constantFrom(...(known.length > 0 ? known : [0n])) },
    { weight: 4, arbitrary: oneOfNow(() => inRange(recent.integers.flatMap(near), max), small) },
    { weight: 2, arbitrary: constantFrom(...edges) },
    { weight: 1, arbitrary: bigInt({ min: 0n, max }) },
  ).map((value) => `${value}`);
}

/** The value and its neighbours: contracts ask for at least, or for more than. */
function near(value: bigint): readonly bigint[] {
  return [value - 1n, value, value + 1n];
}

function inRange(values: readonly bigint[], max: bigint): readonly bigint[] {
  return [...new Set(values)].filter((value) => value >= 0n && value <= max);
}

function textArbitrary({ texts, recent }: Dictionary): Arbitrary<string> {
  const edges = ['', 'a', 'b', 'é', 'x'.repeat(32), 'x'.repeat(33)];
  const known = constantFrom(...texts, ...edges);
  return oneof(
    { weight: 6, arbitrary: known },
    { weight: 4, arbitrary: oneOfNow(() => recent.texts, known) },
    { weight: 1, arbitrary: string({ maxLength: 40 }) },
  );
}

/** Bytes that the sequence spoke of, of a length if one is given, or others. */
function bytesArbitrary(
  other: Arbitrary<string>,
  { recent }: Dictionary,
  length?: number,
): Arbitrary<string> {
  const fits = (value: string): boolean => length === undefined || value.length === 2 + 2 * length;
  return oneof(
    { weight: 2, arbitrary: other },
    { weight: 1, arbitrary: oneOfNow(() => recent.bytes.filter(fits), other) },
  );
}

/** One of the values that there are when it is drawn; another one when there is none. */
function oneOfNow<T>(values: () => readonly T[], otherwise: Arbitrary<T>): Arbitrary<T> {
  return nat().chain((draw) => {
    const now = values();
    return now.length === 0 ? otherwise : constant(now[draw % now.length]!);
  });
}

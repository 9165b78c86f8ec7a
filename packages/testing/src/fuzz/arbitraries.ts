import { INTEGER_BITS, type IntegerKind, type TypedValue } from '@switchyard/core';
import { type Arbitrary, bigInt, uint8Array } from 'fast-check';
import { bytes32 } from '../values.ts';

/** Integer arguments of a type, the ends of its range more often than the rest; smaller ones when they shrink. */
export function anyInteger(
  kind: IntegerKind,
  bounds: { readonly min?: bigint; readonly max?: bigint } = {},
): Arbitrary<TypedValue> {
  const { min = 0n, max = (1n << BigInt(INTEGER_BITS[kind])) - 1n } = bounds;
  return bigInt({ min, max }).map((value) => ({ kind, value }));
}

/** Arguments of 32 bytes, such as addresses that nobody has. */
export function anyBytes32(): Arbitrary<TypedValue> {
  return uint8Array({ minLength: 32, maxLength: 32 }).map(bytes32);
}

import {
  concatBytes,
  encodeBorsh,
  type IntegerKind,
  naturalType,
  type TypedValue,
  VmError,
} from '@switchyard/core';
import { type Addressable, addressOf } from './chain/accounts.ts';

function integer(kind: IntegerKind, value: bigint | number): TypedValue {
  return { kind, value: BigInt(value) };
}

/** An argument of type u8. */
export function u8(value: bigint | number): TypedValue {
  return integer('u8', value);
}

/** An argument of type u16. */
export function u16(value: bigint | number): TypedValue {
  return integer('u16', value);
}

/** An argument of type u32. */
export function u32(value: bigint | number): TypedValue {
  return integer('u32', value);
}

/** An argument of type u64. */
export function u64(value: bigint | number): TypedValue {
  return integer('u64', value);
}

/** An argument of type u128. */
export function u128(value: bigint | number): TypedValue {
  return integer('u128', value);
}

/** An argument of type u256. */
export function u256(value: bigint | number): TypedValue {
  return integer('u256', value);
}

/** A boolean argument. */
export function bool(value: boolean): TypedValue {
  return { kind: 'bool', value };
}

/** A string argument. */
export function text(value: string): TypedValue {
  return { kind: 'string', value };
}

/** An argument of bytes of any length. */
export function bytes(value: Uint8Array): TypedValue {
  return { kind: 'bytes', value };
}

/** A hash or address as an argument of 32 bytes, `[u8; 32]` of a C contract. */
export function bytes32(value: Addressable): TypedValue {
  return { kind: 'opaque', type: 'Hash', content: addressOf(value) };
}

/**
 * The untagged Borsh of values, one after another: what a C contract reads, returns and stores.
 * @throws VmError VALUE_INVALID for a value that is out of its type's range or whose type it does not tell.
 */
export function borsh(...values: readonly TypedValue[]): Uint8Array {
  return concatBytes(
    ...values.map((value, index) => {
      const type = naturalType(value);
      if (type !== undefined) return encodeBorsh(value, type);
      throw new VmError(
        'VALUE_INVALID',
        `value ${index}: an object of unlike elements does not tell its type.`,
      );
    }),
  );
}

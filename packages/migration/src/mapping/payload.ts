import { BorshReader, decodeUtf8, encodeBorsh, encodeUtf8, type ValueType, VmError } from '@switchyard/core';
import { type Canonical, fromCanonical, hex, toCanonical, type ValueForm } from './canonical.ts';

/** How one side writes a value in storage, an event or return data, both ways. */
export interface PayloadCodec {
  /** Undefined for bytes that are no value of the type. */
  decode(bytes: Uint8Array): Canonical | undefined;
  encode(value: Canonical): Uint8Array;
}

/**
 * One value: a cell where the side has cells; else its Borsh, or, when `isRaw`, the bytes of a string or of bytes without a length.
 */
export function valueCodec(type: ValueType, form: ValueForm, isRaw = false): PayloadCodec {
  const { cells } = form;
  if (cells !== undefined) {
    return {
      decode(bytes) {
        const value = cells.decode(bytes);
        return value === undefined ? undefined : toCanonical(value, type, form);
      },
      encode: (value) => cells.encode(fromCanonical(value, type, form)),
    };
  }
  if (isRaw) return rawCodec(type);
  return {
    decode: (bytes) => decodeAll(bytes, [type], form)?.[0],
    encode: (value) => encodeBorsh(fromCanonical(value, type, form), type),
  };
}

/** Several values, such as an event's: a cell of them where the side has cells (one value is its own cell), else Borsh in sequence. */
export function valuesCodec(types: readonly ValueType[], form: ValueForm): PayloadCodec {
  if (form.cells === undefined) {
    return {
      decode: (bytes) => decodeAll(bytes, types, form),
      encode: (values) => {
        const list = values as readonly Canonical[];
        return Uint8Array.from(
          types.flatMap((type, i) => [...encodeBorsh(fromCanonical(list[i]!, type, form), type)]),
        );
      },
    };
  }
  const [only] = types;
  if (types.length !== 1) return valueCodec({ kind: 'tuple', of: types }, form);
  const single = valueCodec(only!, form);
  const tuple = valueCodec({ kind: 'tuple', of: types }, form);
  return {
    decode(bytes) {
      const value = single.decode(bytes);
      return value === undefined ? tuple.decode(bytes) : [value];
    },
    encode: (values) => single.encode((values as readonly Canonical[])[0]!),
  };
}

function rawCodec(type: ValueType): PayloadCodec {
  if (type.kind !== 'string' && type.kind !== 'bytes') {
    throw new VmError('SUITE_INVALID', 'raw: only string and bytes can be raw.');
  }
  return {
    decode(bytes) {
      if (type.kind === 'bytes') return hex(bytes);
      const text = decodeUtf8(bytes);
      return text === undefined ? undefined : { text };
    },
    encode: (value) =>
      type.kind === 'string'
        ? encodeUtf8((value as { readonly text: string }).text)
        : new Uint8Array(Buffer.from((value as string).slice(2), 'hex')),
  };
}

function decodeAll(
  bytes: Uint8Array,
  types: readonly ValueType[],
  form: ValueForm,
): readonly Canonical[] | undefined {
  const reader = new BorshReader(bytes);
  const values: Canonical[] = [];
  try {
    for (const type of types) {
      const value = toCanonical(reader.value(type), type, form);
      if (value === undefined) return undefined;
      values.push(value);
    }
  } catch (thrown) {
    if (thrown instanceof VmError && thrown.code === 'VALUE_INVALID') return undefined;
    throw thrown;
  }
  return reader.left === 0 ? values : undefined;
}

import {
  BorshReader,
  decodeUtf8,
  encodeBorsh,
  encodeUtf8,
  equalBytes,
  hexToBytes,
  INTEGER_BITS,
  isIntegerKind,
  isInWidth,
  type TypedValue,
  type ValueType,
  VmError,
} from '@switchyard/core';
import { type Canonical, fromCanonical, toCanonical, type ValueForm } from './canonical.ts';

/** The declared fields of a key, in order. */
export type Fields = readonly (readonly [name: string, type: ValueType])[];

/**
 * How one side writes the keys of one storage item, both ways: which values of the fields a key stands for, and the key for such values.
 * Fields are canonical and in declared order.
 */
export interface KeyPattern {
  /** The fields' values; undefined for a key that is not of this item. */
  parse(key: Uint8Array): readonly Canonical[] | undefined;
  print(fields: readonly Canonical[]): Uint8Array;
}

/** One part of a pattern as a suite writes it: text, `0x…`, `u64:7`, `$field`, `$field:raw`, `$field:be`; a list for cells nests. */
export type PatternPart = string | readonly PatternPart[];

const FIELD = /^\$([A-Za-z_]\w*)(?::(raw|be))?$/;
const INTEGER = /^(u(?:8|16|32|64|128|256)):(\d{1,78})$/;

/** The pattern of a side with cells, otherwise the pattern of bytes. @throws VmError SUITE_INVALID. */
export function keyPattern(source: PatternPart, fields: Fields, form: ValueForm): KeyPattern {
  return form.cells === undefined
    ? bytesPattern(Array.isArray(source) ? source : [source], fields, form)
    : cellPattern(source, fields, form);
}

/** A key of bytes: constants and fields one after another. */
function bytesPattern(parts: readonly PatternPart[], fields: Fields, form: ValueForm): KeyPattern {
  const pieces = parts.map((part, index) => bytesPiece(part, index === parts.length - 1, fields, form));
  checkAllUsed(
    fields,
    pieces.flatMap(({ field }) => field ?? []),
  );
  return {
    parse(key) {
      const reader = new BorshReader(key);
      const values = new Array<Canonical>(fields.length);
      try {
        for (const piece of pieces) {
          const value = piece.read(reader);
          if (value === undefined) return undefined;
          if (piece.field !== undefined) values[piece.field] = value;
        }
      } catch (thrown) {
        if (isVmError(thrown, 'VALUE_INVALID')) return undefined;
        throw thrown;
      }
      return reader.left === 0 ? values : undefined;
    },
    print(values) {
      const bytes: number[] = [];
      for (const piece of pieces) bytes.push(...piece.write(values));
      return Uint8Array.from(bytes);
    },
  };
}

interface BytesPiece {
  /** Index of the field; absent for a constant. */
  readonly field?: number;
  /** Reads the piece: a field's value, true for a constant that is there. @throws VmError VALUE_INVALID. */
  read(reader: BorshReader): Canonical | undefined;
  write(values: readonly Canonical[]): Uint8Array;
}

function bytesPiece(part: PatternPart, isLast: boolean, fields: Fields, form: ValueForm): BytesPiece {
  if (typeof part !== 'string') throw invalid('a key of bytes is a flat list of parts');
  const match = FIELD.exec(part);
  if (match === null) return constantPiece(constantBytes(part));
  const [, name, mode] = match;
  const { index, type } = fieldOf(name!, fields);
  if (mode === 'raw') return rawPiece(index, type, isLast, part);
  if (mode === 'be') return bigEndianPiece(index, type, part, form);
  return {
    field: index,
    read: (reader) => toCanonical(reader.value(type), type, form),
    write: (values) => encodeBorsh(fromCanonical(values[index]!, type, form), type),
  };
}

function constantPiece(constant: Uint8Array): BytesPiece {
  return {
    read: (reader) =>
      reader.left >= constant.length && equalBytes(reader.take(constant.length), constant) ? true : undefined,
    write: () => constant,
  };
}

/** Text or bytes without a length, up to the key's end. */
function rawPiece(index: number, type: ValueType, isLast: boolean, part: string): BytesPiece {
  if (type.kind !== 'string' && type.kind !== 'bytes') throw invalid(`${part}: raw is for string and bytes`);
  if (!isLast) throw invalid(`${part}: raw has no length, so it must come last`);
  return {
    field: index,
    read(reader) {
      const bytes = reader.take(reader.left);
      const text = type.kind === 'string' ? decodeUtf8(bytes) : undefined;
      if (type.kind === 'string') return text === undefined ? undefined : { text };
      return `0x${Buffer.from(bytes).toString('hex')}`;
    },
    write: (values) => rawBytes(values[index]!),
  };
}

function rawBytes(value: Canonical): Uint8Array {
  if (typeof value === 'object' && value !== null && 'text' in value) return encodeUtf8(value.text);
  return hexToBytes(`${value as string}`.slice(2))!;
}

function bigEndianPiece(index: number, type: ValueType, part: string, form: ValueForm): BytesPiece {
  if (!isIntegerKind(type.kind)) throw invalid(`${part}: be is for integers`);
  const size = INTEGER_BITS[type.kind] / 8;
  return {
    field: index,
    read: (reader) => `${BigInt(`0x${Buffer.from(reader.take(size)).toString('hex')}`)}`,
    write: (values) => encodeBorsh(fromCanonical(values[index]!, type, form), type).reverse(),
  };
}

/** A key of one cell: a constant, a field, or a list of such. */
function cellPattern(source: PatternPart, fields: Fields, form: ValueForm): KeyPattern {
  const cells = form.cells!;
  const used: number[] = [];
  const piece = cellPiece(source, fields, form, used);
  checkAllUsed(fields, used);
  return {
    parse(key) {
      const value = cells.decode(key);
      const values = new Array<Canonical>(fields.length);
      return value !== undefined && piece.matches(value, values) ? values : undefined;
    },
    print: (values) => cells.encode(piece.make(values)),
  };
}

interface CellPiece {
  /** Whether a value fits; fills in the fields' values. */
  matches(value: TypedValue, values: Canonical[]): boolean;
  make(values: readonly Canonical[]): TypedValue;
}

function cellPiece(source: PatternPart, fields: Fields, form: ValueForm, used: number[]): CellPiece {
  if (typeof source !== 'string') {
    const pieces = source.map((part) => cellPiece(part, fields, form, used));
    return {
      matches: (value, values) =>
        value.kind === 'object' &&
        value.elements.length === pieces.length &&
        pieces.every((piece, index) => piece.matches(value.elements[index]!, values)),
      make: (values) => ({ kind: 'object', elements: pieces.map((piece) => piece.make(values)) }),
    };
  }
  const match = FIELD.exec(source);
  if (match === null) {
    const constant = constantValue(source);
    const wanted = JSON.stringify(constant, plain);
    return {
      matches: (value) => value.kind === constant.kind && JSON.stringify(value, plain) === wanted,
      make: () => constant,
    };
  }
  if (match[2] !== undefined) throw invalid(`${source}: a cell tells its own form`);
  const { index, type } = fieldOf(match[1]!, fields);
  used.push(index);
  return {
    matches(value, values) {
      const canonical = toCanonical(value, type, form);
      if (canonical === undefined) return false;
      values[index] = canonical;
      return true;
    },
    make: (values) => fromCanonical(values[index]!, type, form),
  };
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}

/** A constant in a key of bytes: text as UTF-8, `0x…`, integers little-endian. */
function constantBytes(text: string): Uint8Array {
  const integer = INTEGER.exec(text);
  if (integer !== null) {
    const value = constantValue(text);
    return encodeBorsh(value, { kind: value.kind } as ValueType);
  }
  if (!text.startsWith('0x')) return encodeUtf8(text);
  const bytes = hexToBytes(text.slice(2));
  if (bytes === undefined) throw invalid(`"${text}" is not hexadecimal`);
  return bytes;
}

function constantValue(text: string): TypedValue {
  const integer = INTEGER.exec(text);
  if (integer !== null) {
    const kind = integer[1] as keyof typeof INTEGER_BITS;
    const value = BigInt(integer[2]!);
    if (!isInWidth(kind, value)) throw invalid(`"${text}" does not fit its type`);
    return { kind, value };
  }
  if (!text.startsWith('0x')) return { kind: 'string', value: text };
  const value = hexToBytes(text.slice(2));
  if (value === undefined) throw invalid(`"${text}" is not hexadecimal`);
  return { kind: 'bytes', value };
}

function fieldOf(name: string, fields: Fields): { readonly index: number; readonly type: ValueType } {
  const index = fields.findIndex(([each]) => each === name);
  if (index < 0) throw invalid(`there is no field "${name}"`);
  return { index, type: fields[index]![1] };
}

function checkAllUsed(fields: Fields, used: readonly number[]): void {
  for (const [index, [name]] of fields.entries()) {
    const count = used.filter((each) => each === index).length;
    if (count !== 1) throw invalid(`the field "${name}" appears ${count} times; a key has every field once`);
  }
}

function invalid(what: string): VmError {
  return new VmError('SUITE_INVALID', `${what}.`, {
    hint: 'A key is text, 0x…, u64:7, $field, for bytes also $field:raw and $field:be, or a list of these.',
  });
}

function isVmError(thrown: unknown, code: string): boolean {
  return thrown instanceof VmError && thrown.code === code;
}

import type { IntegerKind, IntegerValue, TypedValue } from '@switchyard/core';
import { displayValue } from './display-value.ts';
import { equalValues } from './equal-values.ts';
import { valueError } from './errors.ts';
import { checked, copied, Primitive } from './primitive.ts';

/**
 * One value of a contract: a primitive, bytes, an object (array, tuple, struct or enum value) or a map. Immutable. Constructors throw
 * VmError VALUE_INVALID for what does not fit; accessors answer undefined for a cell of another kind.
 */
export class ValueCell {
  /** The value in the border's own form. */
  readonly value: TypedValue;

  private constructor(value: TypedValue) {
    this.value = value;
  }

  /** A cell of the border's form, which is checked. */
  static from(value: TypedValue): ValueCell {
    return new ValueCell(checked(value));
  }

  static default(primitive: Primitive): ValueCell {
    return ValueCell.from(primitive);
  }

  static null(): ValueCell {
    return new ValueCell(Primitive.null);
  }

  static bool(value: boolean): ValueCell {
    return new ValueCell(Primitive.bool(value));
  }

  static u8(value: bigint | number): ValueCell {
    return new ValueCell(Primitive.u8(value));
  }

  static u16(value: bigint | number): ValueCell {
    return new ValueCell(Primitive.u16(value));
  }

  static u32(value: bigint | number): ValueCell {
    return new ValueCell(Primitive.u32(value));
  }

  static u64(value: bigint | number): ValueCell {
    return new ValueCell(Primitive.u64(value));
  }

  static u128(value: bigint | number): ValueCell {
    return new ValueCell(Primitive.u128(value));
  }

  static u256(value: bigint | number): ValueCell {
    return new ValueCell(Primitive.u256(value));
  }

  static string(value: string): ValueCell {
    return new ValueCell(Primitive.string(value));
  }

  static range(start: IntegerValue, end: IntegerValue): ValueCell {
    return new ValueCell(Primitive.range(start, end));
  }

  static opaque(type: string, content: Uint8Array): ValueCell {
    return new ValueCell(Primitive.opaque(type, content));
  }

  static bytes(value: Uint8Array): ValueCell {
    return ValueCell.from({ kind: 'bytes', value: copied(value) });
  }

  /** The elements of an array or a tuple, the fields of a struct; of an enum value its variant (u8), then the fields. */
  static object(elements: readonly ValueCell[]): ValueCell {
    if (!Array.isArray(elements)) throw valueError(`expected a list of cells, found a ${typeof elements}`);
    return ValueCell.from({ kind: 'object', elements: elements.map(valueOfCell) });
  }

  /** Keeps the given order. */
  static map(entries: Iterable<readonly [ValueCell, ValueCell]>): ValueCell {
    if (typeof entries?.[Symbol.iterator] !== 'function') {
      throw valueError(`expected pairs of cells, found a ${typeof entries}`);
    }
    const pairs = [...entries].map((entry) => {
      if (!Array.isArray(entry)) throw valueError(`expected a pair of cells, found a ${typeof entry}`);
      return [valueOfCell(entry[0]), valueOfCell(entry[1])] as const;
    });
    return ValueCell.from({ kind: 'map', entries: pairs });
  }

  get isNull(): boolean {
    return this.value.kind === 'null';
  }

  asBool(): boolean | undefined {
    return this.value.kind === 'bool' ? this.value.value : undefined;
  }

  asU8(): bigint | undefined {
    return this.#integer('u8');
  }

  asU16(): bigint | undefined {
    return this.#integer('u16');
  }

  asU32(): bigint | undefined {
    return this.#integer('u32');
  }

  asU64(): bigint | undefined {
    return this.#integer('u64');
  }

  asU128(): bigint | undefined {
    return this.#integer('u128');
  }

  asU256(): bigint | undefined {
    return this.#integer('u256');
  }

  asString(): string | undefined {
    return this.value.kind === 'string' ? this.value.value : undefined;
  }

  /** A copy of the bytes. */
  asBytes(): Uint8Array | undefined {
    return this.value.kind === 'bytes' ? this.value.value.slice() : undefined;
  }

  /** A copy of the content of an opaque value of that type. */
  asOpaque(type: string): Uint8Array | undefined {
    return this.value.kind === 'opaque' && this.value.type === type ? this.value.content.slice() : undefined;
  }

  asObject(): readonly ValueCell[] | undefined {
    if (this.value.kind !== 'object') return undefined;
    return this.value.elements.map((element) => new ValueCell(element));
  }

  asMap(): readonly (readonly [ValueCell, ValueCell])[] | undefined {
    if (this.value.kind !== 'map') return undefined;
    return this.value.entries.map(([key, value]) => [new ValueCell(key), new ValueCell(value)] as const);
  }

  /** True for the same kind and content; the order of a map's entries does not count. */
  equals(other: ValueCell): boolean {
    return equalValues(this.value, valueOfCell(other));
  }

  /** As contracts print it: `[1, two]`, `bytes[[1, 2]]`, `map{k: 3}`, `0..9`. */
  toString(): string {
    return displayValue(this.value);
  }

  #integer(kind: IntegerKind): bigint | undefined {
    const { value } = this;
    return value.kind === kind ? (value as IntegerValue).value : undefined;
  }
}

/** The value of what has to be a cell; callers in JavaScript have no type checker. @throws VmError VALUE_INVALID. */
export function valueOfCell(cell: ValueCell): TypedValue {
  if (cell instanceof ValueCell) return cell.value;
  throw valueError(`expected a ValueCell, found ${cell === null ? 'null' : `a ${typeof cell}`}`);
}

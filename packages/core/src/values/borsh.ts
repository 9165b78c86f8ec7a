import { VmError } from '../errors/vm-error.ts';
import { decodeUtf8, encodeUtf8 } from '../text.ts';
import { misfit, variantOf } from './conform.ts';
import { INTEGER_BITS, type IntegerKind, isIntegerKind, type TypedValue } from './typed-value.ts';
import { hasAny, type ValueType } from './value-type.ts';

/**
 * The untagged Borsh encoding of a value: integers little-endian; strings, bytes, arrays and maps after a u32 count; tuples field by
 * field; optional after 0 or 1; an enum value after its variant (u8); an opaque value's content as it is. A map keeps its order.
 * @throws VmError VALUE_INVALID when the value is not of the type, or the type has `any` in it.
 */
export function encodeBorsh(value: TypedValue, type: ValueType): Uint8Array {
  const wrong = hasAny(type) ? 'any has no Borsh encoding' : misfit(value, type);
  if (wrong !== undefined) throw invalid(wrong);
  const bytes: number[] = [];
  write(bytes, value, type);
  return Uint8Array.from(bytes);
}

/** The value of all the bytes. @throws VmError VALUE_INVALID for bytes that are not the encoding of a value of the type. */
export function decodeBorsh(bytes: Uint8Array, type: ValueType): TypedValue {
  const reader = new BorshReader(bytes);
  const value = reader.value(type);
  if (reader.left > 0) throw invalid(`${reader.left} bytes follow the value`);
  return value;
}

function invalid(what: string): VmError {
  return new VmError('VALUE_INVALID', `${what}.`, {
    native: { name: 'SerializationFailed', detail: `SerializationFailed(${JSON.stringify(what)})` },
  });
}

function writeInteger(bytes: number[], value: bigint, bits: number): void {
  let rest = value;
  for (let i = 0; i < bits; i += 8) {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  }
}

function writeBytes(bytes: number[], content: Uint8Array): void {
  for (let i = 0; i < content.length; i++) bytes.push(content[i]!);
}

function writeCounted(bytes: number[], content: Uint8Array): void {
  writeInteger(bytes, BigInt(content.length), 32);
  writeBytes(bytes, content);
}

/** Writes a value that has been found to be of the type. */
function write(bytes: number[], value: TypedValue, type: ValueType): void {
  if (type.kind === 'optional') {
    bytes.push(value.kind === 'null' ? 0 : 1);
    if (value.kind !== 'null') write(bytes, value, type.of);
    return;
  }
  switch (value.kind) {
    case 'bool':
      bytes.push(value.value ? 1 : 0);
      break;
    case 'string':
      writeCounted(bytes, encodeUtf8(value.value));
      break;
    case 'bytes':
      writeCounted(bytes, value.value);
      break;
    case 'opaque':
      writeBytes(bytes, value.content);
      break;
    case 'range':
      writeInteger(bytes, value.start.value, INTEGER_BITS[value.start.kind]);
      writeInteger(bytes, value.end.value, INTEGER_BITS[value.end.kind]);
      break;
    case 'object':
      writeElements(bytes, value.elements, type);
      break;
    case 'map': {
      const { key, value: content } = type as Extract<ValueType, { kind: 'map' }>;
      writeInteger(bytes, BigInt(value.entries.length), 32);
      for (const [each, inner] of value.entries) {
        write(bytes, each, key);
        write(bytes, inner, content);
      }
      break;
    }
    case 'null':
      break;
    default:
      writeInteger(bytes, value.value, INTEGER_BITS[value.kind]);
  }
}

function writeElements(bytes: number[], elements: readonly TypedValue[], type: ValueType): void {
  if (type.kind === 'array') {
    writeInteger(bytes, BigInt(elements.length), 32);
    for (const element of elements) write(bytes, element, type.of);
  } else if (type.kind === 'tuple') {
    for (const [index, element] of elements.entries()) write(bytes, element, type.of[index]!);
  } else if (type.kind === 'enum') {
    const fields = variantOf(elements, type.variants)!;
    write(bytes, elements[0]!, { kind: 'u8' });
    for (const [index, field] of fields.entries()) write(bytes, elements[index + 1]!, field);
  }
}

/** Reads values one after another from bytes that anyone may have written. Methods throw VmError VALUE_INVALID. */
export class BorshReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** The next value, of this type. */
  value(type: ValueType): TypedValue {
    if (isIntegerKind(type.kind)) return this.#integer(type.kind);
    switch (type.kind) {
      case 'bool':
        return { kind: 'bool', value: this.#flag('a bool') };
      case 'string': {
        const value = decodeUtf8(this.take(this.#count()));
        if (value === undefined) throw invalid('a string is not UTF-8');
        return { kind: 'string', value };
      }
      case 'bytes':
        return { kind: 'bytes', value: this.take(this.#count()).slice() };
      case 'opaque':
        return { kind: 'opaque', type: type.name, content: this.take(type.bytes).slice() };
      case 'optional':
        return this.#flag('an optional') ? this.value(type.of) : { kind: 'null' };
      case 'range':
        return { kind: 'range', start: this.#integer(type.of.kind), end: this.#integer(type.of.kind) };
      case 'array':
        return { kind: 'object', elements: this.#repeat(() => this.value(type.of)) };
      case 'tuple':
        return { kind: 'object', elements: type.of.map((each) => this.value(each)) };
      case 'enum': {
        const id = this.#integer('u8');
        const fields = type.variants[Number(id.value)];
        if (fields === undefined) throw invalid(`there is no variant ${id.value}`);
        return { kind: 'object', elements: [id, ...fields.map((each) => this.value(each))] };
      }
      case 'map':
        return {
          kind: 'map',
          entries: this.#repeat(() => [this.value(type.key), this.value(type.value)] as const),
        };
      default:
        throw invalid('any has no Borsh encoding');
    }
  }

  #integer(kind: IntegerKind): { readonly kind: IntegerKind; readonly value: bigint } {
    const bytes = this.take(INTEGER_BITS[kind] / 8);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return { kind, value };
  }

  #flag(what: string): boolean {
    const byte = this.take(1)[0]!;
    if (byte > 1) throw invalid(`${what} begins with ${byte}`);
    return byte === 1;
  }

  #count(): number {
    return Number(this.#integer('u32').value);
  }

  /** So many values; each takes a byte at least, since Borsh has no collections of nothing. */
  #repeat<T>(read: () => T): T[] {
    const count = this.#count();
    if (count > this.left) throw invalid(`${count} elements do not fit ${this.left} bytes`);
    const values: T[] = [];
    for (let i = 0; i < count; i++) values.push(read());
    return values;
  }

  /** A view of the next bytes. */
  take(length: number): Uint8Array {
    if (length > this.left) throw invalid(`${length} bytes are needed and ${this.left} are left`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

import { describeType, INTEGER_BITS, isIntegerKind, type ValueType, VmError } from '@switchyard/core';

/** What messages say a type may be. */
export const TYPE_GRAMMAR =
  'u8…u256, bool, string, bytes, bytesN, address, hash, T[], optional<T>, (T, T), map<K, V>';

const MAX_DEPTH = 8;

/** Accounts are opaque values of this name, 32 bytes; an engine's own form of them comes from its `CellCodec`. */
export const ADDRESS: ValueType = Object.freeze({ kind: 'opaque', name: 'Address', bytes: 32 });

const HASH: ValueType = Object.freeze({ kind: 'opaque', name: 'Hash', bytes: 32 });

/** Types without a form of their own in text: `describeType` writes them back. */
const NAMED: Readonly<Record<string, ValueType>> = {
  bool: { kind: 'bool' },
  string: { kind: 'string' },
  bytes: { kind: 'bytes' },
  address: ADDRESS,
  hash: HASH,
};

/**
 * The type that a text names, such as `u64`, `address[]`, `optional<(address, u64)>`.
 * @throws VmError SUITE_INVALID that says what was expected.
 */
export function parseType(text: string): ValueType {
  const reader = new TypeReader(text);
  const type = reader.type(0);
  reader.end();
  return type;
}

/** A type as a suite writes it. */
export function typeText(type: ValueType): string {
  if (type === ADDRESS || (type.kind === 'opaque' && type.name === 'Address')) return 'address';
  if (type.kind === 'opaque' && type.name === 'Hash') return 'hash';
  if (type.kind === 'opaque') return `bytes${type.bytes}`;
  if (type.kind === 'array') return `${typeText(type.of)}[]`;
  if (type.kind === 'optional') return `optional<${typeText(type.of)}>`;
  if (type.kind === 'tuple') return `(${type.of.map(typeText).join(', ')})`;
  if (type.kind === 'map') return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
  return describeType(type);
}

class TypeReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  type(depth: number): ValueType {
    if (depth > MAX_DEPTH) throw this.#invalid(`is nested deeper than ${MAX_DEPTH}`);
    let type = this.#plain(depth);
    while (this.#take('[]')) type = { kind: 'array', of: type };
    return type;
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#invalid(`has "${this.#text.slice(this.#at)}" after a type`);
  }

  #plain(depth: number): ValueType {
    if (this.#take('(')) return { kind: 'tuple', of: this.#list(')', depth) };
    const name = this.#word();
    if (name === 'optional' && this.#take('<')) {
      const [of, ...rest] = this.#list('>', depth);
      if (of === undefined || rest.length > 0) throw this.#invalid('needs one type in optional<…>');
      return { kind: 'optional', of };
    }
    if (name === 'map' && this.#take('<')) {
      const [key, value, ...rest] = this.#list('>', depth);
      if (value === undefined || rest.length > 0) throw this.#invalid('needs two types in map<…>');
      return { kind: 'map', key: key!, value };
    }
    if (isIntegerKind(name)) return { kind: name };
    const sized = /^bytes([1-9]\d{0,3})$/.exec(name);
    if (sized !== null) return { kind: 'opaque', name, bytes: Number(sized[1]) };
    const known = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
    if (known === undefined) throw this.#invalid(`has no type "${name}"`);
    return known;
  }

  #list(close: string, depth: number): ValueType[] {
    const types: ValueType[] = [];
    if (this.#take(close)) return types;
    do types.push(this.type(depth + 1));
    while (this.#take(','));
    if (!this.#take(close)) throw this.#invalid(`needs a "${close}"`);
    return types;
  }

  #word(): string {
    this.#space();
    const word = /^[a-z0-9]*/.exec(this.#text.slice(this.#at))![0];
    this.#at += word.length;
    return word;
  }

  #take(what: string): boolean {
    this.#space();
    if (!this.#text.startsWith(what, this.#at)) return false;
    this.#at += what.length;
    return true;
  }

  #space(): void {
    while (this.#text[this.#at] === ' ') this.#at++;
  }

  #invalid(what: string): VmError {
    return new VmError('SUITE_INVALID', `the type "${this.#text}" ${what}.`, {
      hint: `A type is one of ${TYPE_GRAMMAR}.`,
    });
  }
}

/** The largest integer of a type. */
export function largest(kind: keyof typeof INTEGER_BITS): bigint {
  return (1n << BigInt(INTEGER_BITS[kind])) - 1n;
}

import {
  bytesToHex,
  type CellCodec,
  hexToBytes,
  INTEGER_BITS,
  isIntegerKind,
  isIntegerValue,
  type TypedValue,
  type ValueType,
  VmError,
} from '@switchyard/core';
import { largest, typeText } from './mapped-type.ts';

/**
 * A value without its engine: what both sides' values are brought into before they are compared, and what suites and reports write.
 * Integers are decimal text whatever their width, bytes and accounts `0x…`, text a JSON string in a `{ text }`, since `"12"` may be either.
 */
export type Canonical = string | boolean | null | { readonly text: string } | readonly Canonical[];

/** How a side's values differ from core's: the engine's cells, if it has them, and the network that its addresses are of. */
export interface ValueForm {
  readonly cells: CellCodec | undefined;
  readonly network: string;
}

/** The canonical form of a value; undefined when it is not of the type. Integers may have any width that the value fits in. */
export function toCanonical(value: TypedValue, type: ValueType, form: ValueForm): Canonical | undefined {
  if (isIntegerKind(type.kind)) {
    return isIntegerValue(value) && value.value <= largest(type.kind) ? `${value.value}` : undefined;
  }
  switch (type.kind) {
    case 'any':
      return naturalCanonical(value, form);
    case 'bool':
      return value.kind === 'bool' ? value.value : undefined;
    case 'string':
      return value.kind === 'string' ? { text: value.value } : undefined;
    case 'bytes':
      return value.kind === 'bytes' ? hex(value.value) : undefined;
    case 'opaque':
      return opaqueCanonical(value, type, form);
    case 'optional':
      return value.kind === 'null' ? null : toCanonical(value, type.of, form);
    case 'array':
      return value.kind === 'object' ? all(value.elements, () => type.of, form) : undefined;
    case 'tuple':
      if (value.kind !== 'object' || value.elements.length !== type.of.length) return undefined;
      return all(value.elements, (index) => type.of[index]!, form);
    case 'map': {
      if (value.kind !== 'map') return undefined;
      const entries = value.entries.map((entry) =>
        all(entry, (i) => (i === 0 ? type.key : type.value), form),
      );
      if (entries.includes(undefined)) return undefined;
      const keys = new Set((entries as (readonly Canonical[])[]).map(([key]) => JSON.stringify(key)));
      if (keys.size < entries.length) return undefined;
      // The order of a map is the engine's own affair.
      return (entries as Canonical[]).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
    default:
      return undefined;
  }
}

/** The engine's value for a canonical one. @throws VmError SUITE_INVALID for one that is not of the type. */
export function fromCanonical(canonical: Canonical, type: ValueType, form: ValueForm): TypedValue {
  const value = fromCanonicalOrNothing(canonical, type, form);
  if (value !== undefined) return value;
  throw new VmError('SUITE_INVALID', `${JSON.stringify(canonical)} is no ${typeText(type)}.`, {
    hint: 'Integers are decimal numbers in their range, bytes 0x… of the right length, accounts a name of the suite or 0x… of 32 bytes.',
  });
}

/** A value of which no type is declared, by what it says of itself. */
export function naturalCanonical(value: TypedValue, form: ValueForm): Canonical {
  const account = form.cells?.accountOf(value);
  if (account !== undefined) return hex(account);
  if (isIntegerValue(value)) return `${value.value}`;
  switch (value.kind) {
    case 'null':
      return null;
    case 'bool':
      return value.value;
    case 'string':
      return { text: value.value };
    case 'bytes':
      return hex(value.value);
    case 'opaque':
      return hex(value.content);
    case 'range':
      return [`${value.start.value}`, `${value.end.value}`];
    case 'object':
      return value.elements.map((each) => naturalCanonical(each, form));
    default:
      return value.entries.map((entry) => entry.map((each) => naturalCanonical(each, form)));
  }
}

/** `0x…`. */
export function hex(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`;
}

function all(
  values: readonly TypedValue[],
  typeAt: (index: number) => ValueType,
  form: ValueForm,
): readonly Canonical[] | undefined {
  const found: Canonical[] = [];
  for (const [index, value] of values.entries()) {
    const canonical = toCanonical(value, typeAt(index), form);
    if (canonical === undefined) return undefined;
    found.push(canonical);
  }
  return found;
}

type OpaqueType = Extract<ValueType, { kind: 'opaque' }>;

function opaqueCanonical(value: TypedValue, type: OpaqueType, form: ValueForm): Canonical | undefined {
  if (type.name === 'Address') {
    const account = form.cells?.accountOf(value);
    if (account !== undefined) return hex(account);
  }
  if (value.kind === 'opaque') return value.content.length === type.bytes ? hex(value.content) : undefined;
  return value.kind === 'bytes' && value.value.length === type.bytes ? hex(value.value) : undefined;
}

function fromCanonicalOrNothing(
  canonical: Canonical,
  type: ValueType,
  form: ValueForm,
): TypedValue | undefined {
  if (isIntegerKind(type.kind)) {
    if (typeof canonical !== 'string' || !/^\d{1,78}$/.test(canonical)) return undefined;
    const value = BigInt(canonical);
    return value >> BigInt(INTEGER_BITS[type.kind]) === 0n ? { kind: type.kind, value } : undefined;
  }
  switch (type.kind) {
    case 'bool':
      return typeof canonical === 'boolean' ? { kind: 'bool', value: canonical } : undefined;
    case 'string':
      return isText(canonical) ? { kind: 'string', value: canonical.text } : undefined;
    case 'bytes': {
      const value = bytesOf(canonical);
      return value && { kind: 'bytes', value };
    }
    case 'opaque': {
      const content = bytesOf(canonical);
      if (content?.length !== type.bytes) return undefined;
      if (type.name === 'Address' && form.cells !== undefined)
        return form.cells.address(content, form.network);
      // Cells have no byte arrays of fixed length but hashes.
      if (form.cells !== undefined && type.name !== 'Hash') return { kind: 'bytes', value: content };
      return { kind: 'opaque', type: type.name, content };
    }
    case 'optional':
      return canonical === null ? { kind: 'null' } : fromCanonicalOrNothing(canonical, type.of, form);
    case 'array':
      return objectOf(canonical, () => type.of, form);
    case 'tuple':
      if (!isList(canonical) || canonical.length !== type.of.length) return undefined;
      return objectOf(canonical, (index) => type.of[index]!, form);
    case 'map': {
      if (!isList(canonical)) return undefined;
      const entries: (readonly [TypedValue, TypedValue])[] = [];
      for (const entry of canonical) {
        if (!isList(entry) || entry.length !== 2) return undefined;
        const key = fromCanonicalOrNothing(entry[0]!, type.key, form);
        const value = fromCanonicalOrNothing(entry[1]!, type.value, form);
        if (key === undefined || value === undefined) return undefined;
        entries.push([key, value]);
      }
      return { kind: 'map', entries };
    }
    default:
      return undefined;
  }
}

function objectOf(
  canonical: Canonical,
  typeAt: (index: number) => ValueType,
  form: ValueForm,
): TypedValue | undefined {
  if (!isList(canonical)) return undefined;
  const elements: TypedValue[] = [];
  for (const [index, each] of canonical.entries()) {
    const element = fromCanonicalOrNothing(each, typeAt(index), form);
    if (element === undefined) return undefined;
    elements.push(element);
  }
  return { kind: 'object', elements };
}

function isList(canonical: Canonical): canonical is readonly Canonical[] {
  return Array.isArray(canonical);
}

function isText(canonical: Canonical): canonical is { readonly text: string } {
  return typeof canonical === 'object' && canonical !== null && 'text' in canonical;
}

function bytesOf(canonical: Canonical): Uint8Array | undefined {
  return typeof canonical === 'string' && canonical.startsWith('0x')
    ? hexToBytes(canonical.slice(2))
    : undefined;
}

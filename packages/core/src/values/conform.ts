import { isIntegerValue, isInWidth, type TypedValue } from './typed-value.ts';
import { describeType, type ValueType } from './value-type.ts';

/** Deepest nesting of a value that this side makes or takes; the legacy machine's own limit. */
export const MAX_VALUE_DEPTH = 16;

/**
 * Why a value is not of a type, as a phrase that ends a sentence: `element 2: expected u64, found string`; undefined when it is.
 * Also finds what no type allows: an integer wider than its kind, a lone surrogate, nesting deeper than 16.
 */
export function misfit(value: TypedValue, type: ValueType, depth = 0): string | undefined {
  if (depth > MAX_VALUE_DEPTH) return `nested deeper than ${MAX_VALUE_DEPTH}`;
  const own = malformed(value);
  if (own !== undefined) return own;
  const wrong = `expected ${describeType(type)}, found ${describeValueKind(value)}`;
  switch (type.kind) {
    case 'any':
      return childrenOf(value).reduce<string | undefined>(
        (found, child) => found ?? misfit(child, type, depth + 1),
        undefined,
      );
    case 'optional':
      return value.kind === 'null' ? undefined : misfit(value, type.of, depth);
    case 'range':
      return value.kind === 'range' && value.start.kind === type.of.kind ? undefined : wrong;
    case 'array':
      return value.kind === 'object' ? misfitOfAll(value.elements, () => type.of, depth) : wrong;
    case 'tuple':
      if (value.kind !== 'object' || value.elements.length !== type.of.length) return wrong;
      return misfitOfAll(value.elements, (index) => type.of[index]!, depth);
    case 'enum': {
      const fields = value.kind === 'object' ? variantOf(value.elements, type.variants) : undefined;
      if (value.kind !== 'object' || fields === undefined) return wrong;
      return misfitOfAll(value.elements.slice(1), (index) => fields[index]!, depth);
    }
    case 'map':
      if (value.kind !== 'map') return wrong;
      return misfitOfAll(value.entries.flat(), (index) => (index % 2 === 0 ? type.key : type.value), depth);
    case 'opaque':
      return value.kind === 'opaque' && value.type === type.name && value.content.length === type.bytes
        ? undefined
        : wrong;
    default:
      return value.kind === type.kind ? undefined : wrong;
  }
}

/** The fields' types of the variant that an enum value's elements name, if there is one with so many fields. */
export function variantOf(
  elements: readonly TypedValue[],
  variants: readonly (readonly ValueType[])[],
): readonly ValueType[] | undefined {
  const [id] = elements;
  const fields = id?.kind === 'u8' ? variants[Number(id.value)] : undefined;
  return fields?.length === elements.length - 1 ? fields : undefined;
}

function misfitOfAll(
  values: readonly TypedValue[],
  typeAt: (index: number) => ValueType,
  depth: number,
): string | undefined {
  for (const [index, value] of values.entries()) {
    const found = misfit(value, typeAt(index), depth + 1);
    if (found !== undefined) return `element ${index}: ${found}`;
  }
  return undefined;
}

/** What is wrong with a value of whatever type, its children aside. Callers in JavaScript have no type checker. */
function malformed(value: TypedValue): string | undefined {
  if (typeof value !== 'object' || value === null) return `expected a value, found ${typeof value}`;
  if (isIntegerValue(value)) {
    const isRight = typeof value.value === 'bigint' && isInWidth(value.kind, value.value);
    return isRight ? undefined : `${String(value.value)} is not a ${value.kind}`;
  }
  switch (value.kind) {
    case 'null':
      return undefined;
    case 'bool':
      return typeof value.value === 'boolean' ? undefined : 'a bool is true or false';
    case 'string':
      return typeof value.value === 'string' && !/\p{Surrogate}/u.test(value.value)
        ? undefined
        : 'a string is well-formed text';
    case 'bytes':
      return value.value instanceof Uint8Array ? undefined : 'bytes are a Uint8Array';
    case 'opaque':
      return value.content instanceof Uint8Array && typeof value.type === 'string'
        ? undefined
        : 'an opaque value is a type name and a Uint8Array';
    case 'range':
      return malformedRange(value);
    case 'object':
      return Array.isArray(value.elements) ? undefined : 'an object has a list of elements';
    case 'map':
      return Array.isArray(value.entries) && value.entries.every((entry) => entry?.length === 2)
        ? undefined
        : 'a map has a list of entries, each a key and a value';
    default:
      return `there is no value of kind ${JSON.stringify((value as { kind?: unknown }).kind)}`;
  }
}

function malformedRange({ start, end }: Extract<TypedValue, { kind: 'range' }>): string | undefined {
  const wrong = malformed(start) ?? malformed(end);
  if (wrong !== undefined) return wrong;
  return isIntegerValue(start) && start.kind === end.kind
    ? undefined
    : 'the ends of a range are integers of one type';
}

function childrenOf(value: TypedValue): readonly TypedValue[] {
  if (value.kind === 'object') return value.elements;
  return value.kind === 'map' ? value.entries.flat() : [];
}

/** What a value is, for messages. */
export function describeValueKind(value: TypedValue): string {
  if (value.kind === 'opaque') return `${value.type} of ${value.content.length} bytes`;
  return value.kind === 'object' ? `an object of ${value.elements.length}` : value.kind;
}

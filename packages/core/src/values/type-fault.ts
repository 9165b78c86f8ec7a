import { MAX_VALUE_DEPTH } from './conform.ts';
import { isIntegerKind } from './typed-value.ts';
import type { ValueType } from './value-type.ts';

const PLAIN: ReadonlySet<string> = new Set(['any', 'bool', 'string', 'bytes']);

/**
 * What is wrong with a declared type, as a phrase: `element of array: expected a type, found the text "u64"`; undefined when it is one.
 * Callers in JavaScript have no type checker.
 */
export function typeFault(type: unknown, depth = 0): string | undefined {
  if (depth > MAX_VALUE_DEPTH) return `a type nested deeper than ${MAX_VALUE_DEPTH}`;
  if (!isRecord(type)) return `expected a type, found ${describe(type)}`;
  const { kind } = type;
  if (typeof kind !== 'string') return `expected a type, found one of kind ${describe(kind)}`;
  if (PLAIN.has(kind) || isIntegerKind(kind)) return undefined;
  const inner = (of: unknown, place: string): string | undefined => {
    const fault = typeFault(of, depth + 1);
    // The depth is the whole type's fault, and the path to it long.
    return fault === undefined || fault.startsWith('a type nested') ? fault : `${place} of ${kind}: ${fault}`;
  };
  switch (kind) {
    case 'optional':
    case 'array':
      return inner(type['of'], 'element');
    case 'range':
      return isIntegerType(type['of']) ? undefined : 'the ends of a range are of an integer type';
    case 'tuple':
      return faultOfList(type['of'], (each, index) => inner(each, `element ${index}`));
    case 'enum':
      return faultOfList(type['variants'], (fields, id) =>
        faultOfList(fields, (each, index) => inner(each, `variant ${id}, field ${index}`)),
      );
    case 'map':
      return inner(type['key'], 'key') ?? inner(type['value'], 'value');
    case 'opaque':
      return typeof type['name'] === 'string' && isSize(type['bytes'])
        ? undefined
        : 'an opaque type has a name, and at least 1 byte';
    default:
      return `there is no type of kind ${describe(kind)}`;
  }
}

function faultOfList(
  list: unknown,
  faultOf: (each: unknown, index: number) => string | undefined,
): string | undefined {
  if (!Array.isArray(list)) return `expected a list of types, found ${describe(list)}`;
  for (const [index, each] of list.entries()) {
    const fault = faultOf(each, index);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isIntegerType = (type: unknown): type is ValueType =>
  isRecord(type) && typeof type['kind'] === 'string' && isIntegerKind(type['kind']);

const isSize = (bytes: unknown): boolean => Number.isSafeInteger(bytes) && (bytes as number) > 0;

function describe(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}`;
  if (value === undefined || value === null) return String(value);
  return `a ${typeof value}`;
}

import type { TypedValue } from './typed-value.ts';
import { describeType, type ValueType } from './value-type.ts';

const NOTHING: ValueType = Object.freeze({ kind: 'bool' });

/**
 * The type that a value tells by itself: null is an absent optional, an object of like elements an array. Undefined for an object or map
 * of unlike ones, which may be a tuple, a struct or an enum value: there a type must be declared.
 */
export function naturalType(value: TypedValue): ValueType | undefined {
  switch (value.kind) {
    case 'null':
      return { kind: 'optional', of: NOTHING };
    case 'range':
      return { kind: 'range', of: { kind: value.start.kind } };
    case 'opaque':
      return { kind: 'opaque', name: value.type, bytes: value.content.length };
    case 'object': {
      const of = commonType(value.elements);
      return of === undefined ? undefined : { kind: 'array', of };
    }
    case 'map': {
      const key = commonType(value.entries.map(([each]) => each));
      const inner = commonType(value.entries.map(([, each]) => each));
      return key === undefined || inner === undefined ? undefined : { kind: 'map', key, value: inner };
    }
    default:
      return { kind: value.kind };
  }
}

/** The one type of all values; any type does for none. */
function commonType(values: readonly TypedValue[]): ValueType | undefined {
  const [first, ...rest] = values.map(naturalType);
  if (values.length === 0) return NOTHING;
  if (first === undefined) return undefined;
  const name = describeType(first);
  return rest.every((each) => each !== undefined && describeType(each) === name) ? first : undefined;
}

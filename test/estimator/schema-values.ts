import fc, { type Arbitrary } from 'fast-check';
import { type JsonSchema, type OpenApiDocument, resolve } from './openapi-document.ts';

/** Values that a schema of the document accepts, by the keywords that the document has. */
export function valuesOf(schema: JsonSchema, document: OpenApiDocument, depth = 0): Arbitrary<unknown> {
  const own = resolve(schema, document);
  const inner = (one: unknown): Arbitrary<unknown> => valuesOf(one as JsonSchema, document, depth + 1);
  if ('const' in own) return fc.constant(own['const']);
  if (Array.isArray(own['enum'])) return fc.constantFrom(...(own['enum'] as unknown[]));
  if (Array.isArray(own['anyOf'])) return fc.oneof(...own['anyOf'].map(inner));
  switch (own['type']) {
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
    case 'number':
      return fc.maxSafeInteger().map((value) => within(value, own));
    case 'string':
      return stringsOf(own);
    case 'array':
      return fc.array(inner(own['items']), {
        minLength: (own['minItems'] as number | undefined) ?? 0,
        maxLength: Math.min((own['maxItems'] as number | undefined) ?? 3, 3),
      });
    case 'object':
      return objectsOf(own, inner, depth);
    default:
      return fc.constant(0);
  }
}

function within(value: number, schema: JsonSchema): number {
  const minimum = (schema['minimum'] as number | undefined) ?? Number.MIN_SAFE_INTEGER;
  const maximum = (schema['maximum'] as number | undefined) ?? Number.MAX_SAFE_INTEGER;
  return value >= minimum && value <= maximum ? value : minimum + (Math.abs(value) % (maximum - minimum + 1));
}

function stringsOf(schema: JsonSchema): Arbitrary<string> {
  const {
    pattern,
    minLength = 0,
    maxLength = 20,
  } = schema as { pattern?: string; minLength?: number; maxLength?: number };
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: 'small' });
  return fc.string({ minLength, maxLength: Math.min(maxLength, 20) });
}

function objectsOf(
  schema: JsonSchema,
  inner: (one: unknown) => Arbitrary<unknown>,
  depth: number,
): Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  const required = new Set((schema['required'] as string[] | undefined) ?? []);
  const free = schema['additionalProperties'];
  if (typeof free === 'object' && free !== null) {
    const names =
      schema['propertyNames'] === undefined
        ? fc.string()
        : (inner(schema['propertyNames']) as Arbitrary<string>);
    return fc.dictionary(
      names.filter((name) => name !== '__proto__'),
      inner(free),
      { maxKeys: 2 },
    );
  }
  const shape = Object.fromEntries(
    Object.entries(properties)
      // Deep down only what must be there: else a value is all optional fields of optional fields.
      .filter(([name]) => required.has(name) || depth < 3)
      .map(([name, one]) => [name, inner(one)]),
  );
  return fc.record(shape, { requiredKeys: [...required] });
}

/** A wrong value, and what is wrong with it. */
export interface WrongValue {
  readonly what: string;
  readonly value: unknown;
}

/** Values that a schema refuses, each a good one with one mistake. */
export function wrongValues(
  good: unknown,
  schema: JsonSchema,
  document: OpenApiDocument,
): readonly WrongValue[] {
  const own = resolve(schema, document);
  const properties = (own['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const required = (own['required'] as string[] | undefined) ?? [];
  const object = good as Readonly<Record<string, unknown>>;
  const wrong: WrongValue[] = [
    { what: 'an array', value: [good] },
    { what: 'null', value: null },
    { what: 'text', value: 'text' },
    { what: 'an unknown key', value: { ...object, unknownKey: 1 } },
  ];
  for (const name of required) {
    const { [name]: _, ...rest } = object;
    wrong.push({ what: `no ${name}`, value: rest });
  }
  for (const [name, property] of Object.entries(properties)) {
    for (const [what, value] of mistakes(resolve(property, document))) {
      wrong.push({ what: `${name}: ${what}`, value: { ...object, [name]: value } });
    }
  }
  return wrong;
}

/** Values that no property of this schema has. */
function mistakes(schema: JsonSchema): readonly (readonly [string, unknown])[] {
  const found: [string, unknown][] = [['null', null]];
  const kinds = new Set([
    schema['type'],
    ...((schema['anyOf'] as JsonSchema[] | undefined) ?? []).map((one) => one['type']),
  ]);
  if (!kinds.has('boolean')) found.push(['a boolean', true]);
  if (!kinds.has('object')) found.push(['an object', {}]);
  if (!kinds.has('array')) found.push(['an array', []]);
  if (typeof schema['minimum'] === 'number') found.push(['too small', schema['minimum'] - 1]);
  if (typeof schema['maximum'] === 'number') found.push(['too large', schema['maximum'] + 1]);
  if (kinds.has('integer')) found.push(['a fraction', 1.5]);
  if (typeof schema['maxItems'] === 'number')
    found.push(['too many', Array(schema['maxItems'] + 1).fill('x')]);
  if (typeof schema['pattern'] === 'string') found.push(['text of another form', '0xzz']);
  if (Array.isArray(schema['enum'])) found.push(['another text', 'none of them']);
  return found;
}

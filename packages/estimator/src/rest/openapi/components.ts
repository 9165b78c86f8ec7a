import { z } from 'zod';
import { type ApiMethod, METHODS, type MethodName } from '../../api/methods.ts';
import { EXAMPLES } from './examples.ts';
import { errorBody, health, readiness, rpcAnswer, rpcBody } from './schemas.ts';

/** A JSON Schema of draft 2020-12, which is what OpenAPI 3.1 has. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Reference to a component. */
export function refTo(schema: z.ZodType): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${idOf(schema)}` };
}

/** Component schemas by the id that their zod schemas have. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  const components: Record<string, JsonSchema> = {};
  const methods = Object.values<ApiMethod>(METHODS);
  for (const { params } of methods) collect(params, 'input', components);
  collect(rpcBody, 'input', components);
  for (const { result } of methods) collect(result, 'output', components);
  for (const schema of [errorBody, health, readiness, rpcAnswer]) collect(schema, 'output', components);
  for (const [method, example] of Object.entries(EXAMPLES)) {
    addExample(components, METHODS[method as MethodName].params, example);
  }
  const [method, params] = Object.entries(EXAMPLES)[0]!;
  addExample(components, rpcBody, { jsonrpc: '2.0', id: 1, method, params });
  return components;
}

function addExample(components: Record<string, JsonSchema>, schema: z.ZodType, example: unknown): void {
  const id = idOf(schema);
  components[id] = { ...components[id], examples: [example] };
}

function idOf(schema: z.ZodType): string {
  return z.globalRegistry.get(schema)!.id!;
}

/** Puts the schema, which has an id, and those that it names among the components. @throws Error if two of one name differ, which a test would see */
function collect(schema: z.ZodType, io: 'input' | 'output', components: Record<string, JsonSchema>): void {
  const { $defs = {} } = z.toJSONSchema(schema, { io }) as { readonly $defs?: Record<string, JsonSchema> };
  for (const [name, definition] of Object.entries($defs)) {
    const component = withComponentRefs(definition) as JsonSchema;
    const other = components[name];
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(component)) {
      throw new Error(`Two schemas have the id ${name} and differ.`);
    }
    components[name] = component;
  }
}

function withComponentRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withComponentRefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string'
        ? [key, inner.replace('#/$defs/', '#/components/schemas/')]
        : [key, withComponentRefs(inner)],
    ),
  );
}

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export type JsonSchema = { readonly [keyword: string]: unknown };

/** The parts of an OpenAPI document that the suite reads. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
  >;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}

/** An operation, and where it is. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly operation: Operation;
  /** Schema of the body; undefined where there is none. */
  readonly body: JsonSchema | undefined;
}

export function endpointsOf(document: OpenApiDocument): readonly Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase() as 'GET' | 'POST',
      path,
      operation,
      body: operation.requestBody?.content['application/json']?.schema,
    })),
  );
}

/** The schema that a reference names, or the schema itself. */
export function resolve(schema: JsonSchema, document: OpenApiDocument): JsonSchema {
  const ref = schema['$ref'];
  if (typeof ref !== 'string') return schema;
  return document.components.schemas[ref.replace('#/components/schemas/', '')]!;
}

/** Checks answers against what the document says of their status. */
export class AnswerChecker {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #document: OpenApiDocument;

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  /** What is wrong with an answer; nothing where it is as documented. */
  problems(
    { operation }: Endpoint,
    answer: { readonly statusCode: number; readonly body: string },
  ): readonly string[] {
    const response = operation.responses[answer.statusCode];
    if (response === undefined) return [`status ${answer.statusCode} is not documented: ${answer.body}`];
    if (response.content === undefined) return answer.body === '' ? [] : ['there is a body'];
    const schema = response.content['application/json']?.schema;
    if (schema === undefined) return [];
    const check = this.#checkOf(schema);
    if (check(JSON.parse(answer.body))) return [];
    return check.errors!.map(({ instancePath, message }) => `${instancePath}: ${message} in ${answer.body}`);
  }

  #checkOf(schema: JsonSchema): ValidateFunction {
    const key = JSON.stringify(schema);
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const whole = JSON.stringify({ ...schema, $defs: this.#document.components.schemas });
    const compiled = this.#ajv.compile(
      JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')) as JsonSchema,
    );
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

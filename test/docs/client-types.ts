import { FAULT_KINDS, faultKindOf, METHODS } from '@switchyard/estimator/api';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { z } from 'zod';
import { ERROR_TABLE, type VmErrorCode } from '../../packages/core/src/errors/codes.ts';

/** What a caller may give where JSON has text; the client turns it into text. */
const TAKEN: Readonly<Record<string, string>> = {
  U64: 'bigint | number | string',
  Hex: 'string | Uint8Array',
  Bytes32: 'string | Uint8Array',
};

const STYLE = { printWidth: 110, singleQuote: true, trailingComma: 'all' } as const;

/** `packages/client/src/generated/api-types.ts`: what the methods of the service take and answer, out of their schemas. */
export async function renderClientTypes(): Promise<string> {
  const names = Object.keys(METHODS) as (keyof typeof METHODS)[];
  const params = names.map(
    (name) => [`${name}.params`, METHODS[name].params, `What \`${name}\` takes.`] as const,
  );
  const results = names.map(
    (name) => [`${name}.result`, METHODS[name].result, `What \`${name}\` answers.`] as const,
  );
  const schema = {
    title: 'Everything',
    type: 'object',
    ...merge(describe(params, 'input'), describe(results, 'output')),
  } as JSONSchema;
  const types = await compile(schema, 'Everything', {
    additionalProperties: false,
    bannerComment: '',
    style: STYLE,
  });
  return `// Made by "npm run docs:generate" from packages/estimator/src/api.

${tidy(types)}
/** Every method of the service by its JSON-RPC name. */
export interface ApiMethods {
${names.map(methodRow).join('\n')}
}

/** Codes of failures after which the same request may succeed. */
export const RETRYABLE_CODES: readonly string[] = [
${retryableCodes()
  .map((code) => `  '${code}',`)
  .join('\n')}
];
`;
}

/** Without the type that holds all others, and comments on one line where they fit. */
function tidy(types: string): string {
  return types
    .replace(/export interface Everything \{\n[\s\S]*?\n\}\n/, '')
    .replace(/\/\*\*\n *\* (.*)\n *\*\//g, '/** $1 */')
    .replace(/export interface (\w+) \{\}/g, 'export type $1 = Record<string, never>;')
    .replace(/^(?:\/\*\*|export)/gm, '\n$&')
    .replace(/\*\/\n\nexport/g, '*/\nexport')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Name, schema, and what it is where the schema does not say. */
type Named = readonly (readonly [string, z.ZodType, string])[];

interface Parts {
  readonly properties: object;
  readonly definitions: object;
}

function describe(schemas: Named, io: 'input' | 'output'): Parts {
  const { properties, definitions } = z.toJSONSchema(
    z.object(Object.fromEntries(schemas.map(([name, schema]) => [name, schema]))),
    {
      target: 'draft-7',
      io,
      override: ({ zodSchema, jsonSchema }) => {
        const type = TAKEN[`${z.globalRegistry.get(zodSchema)?.id}`];
        if (type !== undefined) jsonSchema['tsType'] = type;
        if (zodSchema._zod.def.type === 'unknown') jsonSchema['tsType'] = 'unknown';
        const of = schemas.find(([, { _zod }]) => _zod === zodSchema._zod);
        if (of !== undefined) jsonSchema.description ??= of[2];
        // Lengths are the service's to check; as types they would be tuples.
        delete jsonSchema.minItems;
        delete jsonSchema.maxItems;
      },
    },
  );
  return { properties: properties ?? {}, definitions: definitions ?? {} };
}

function merge(a: Parts, b: Parts): Parts {
  return {
    properties: { ...a.properties, ...b.properties },
    definitions: { ...a.definitions, ...b.definitions },
  };
}

function methodRow(name: keyof typeof METHODS): string {
  const { summary, description, params, result } = METHODS[name];
  const id = (schema: z.ZodType): string => z.globalRegistry.get(schema)!.id!;
  return `  /** ${summary}. ${description} */\n  ${name}: { params: ${id(params)}; result: ${id(result)} };`;
}

function retryableCodes(): readonly string[] {
  return (Object.keys(ERROR_TABLE) as VmErrorCode[]).filter(
    (code) => FAULT_KINDS[faultKindOf(code)].isRetryable,
  );
}

import { createServer, type EstimatorService, parseEstimatorConfig } from '@switchyard/estimator';
import { METHODS, type MethodName } from '@switchyard/estimator/api';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnswerChecker, type Endpoint, endpointsOf, type OpenApiDocument } from './openapi-document.ts';
import { valuesOf, wrongValues } from './schema-values.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const BODY_BYTES = 65_536;

/**
 * Tests made from the OpenAPI document of a server: for every operation, values that its schemas accept and values that they refuse; each
 * answer is one that the document promises. `documentOf` gives the document while tests are collected; `runs` is the number of values.
 */
export function openApiSuite(
  createService: () => EstimatorService | Promise<EstimatorService>,
  document: OpenApiDocument,
  runs: number,
): void {
  let app: FastifyInstance;
  beforeAll(async () => {
    const config = parseEstimatorConfig(
      { log: { level: 'silent' }, limits: { bodyBytes: BODY_BYTES } },
      'test',
    );
    app = await createServer({ service: await createService(), config, version: '0.1.0' });
  });
  afterAll(() => app.close());
  const checker = new AnswerChecker(document);

  /** Sends a body, or nothing, and checks that the answer is documented. */
  async function ask(endpoint: Endpoint, headers: Record<string, string> = {}, payload?: string, query = '') {
    const { method, path } = endpoint;
    const url = `${path}${query}`;
    const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    expect(checker.problems(endpoint, answer)).toEqual([]);
    return answer;
  }

  const endpoints = endpointsOf(document);
  const methods = endpoints.filter(({ operation }) => operation.tags.includes('methods'));
  const withBody = endpoints.filter(({ body }) => body !== undefined);
  const named = (some: readonly Endpoint[]) =>
    some.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

  test.each(named(endpoints.filter(({ body }) => body === undefined)))(
    '%s answers',
    async (_name, endpoint) => {
      expect([200, 503]).toContain((await ask(endpoint)).statusCode);
    },
  );

  describe.each(named(methods.filter(({ body }) => body !== undefined)))('%s', (_name, endpoint) => {
    const params = METHODS[endpoint.operation.operationId as MethodName].params;
    const { examples = [] } = document.components.schemas[
      endpoint.body!['$ref']!.toString().split('/').at(-1)!
    ]! as {
      readonly examples?: readonly unknown[];
    };

    const hasTarget = endpoint.operation.operationId !== 'vm_validateCode';

    test('takes its examples', async () => {
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const { statusCode } = await ask(endpoint, JSON_TYPE, JSON.stringify(example));
        expect([200, 422]).toContain(statusCode);
      }
    });

    test('takes what its schema accepts', async () => {
      let accepted = 0;
      await fc.assert(
        fc.asyncProperty(valuesOf(endpoint.body!, document), async (value) => {
          const one = hasTarget ? withOneTarget(value) : value;
          // What a JSON Schema cannot say, as that input and args exclude each other, is said by the zod schema alone.
          const isValid = params.safeParse(one).success;
          const { statusCode, body } = await ask(endpoint, JSON_TYPE, JSON.stringify(one));
          if (isValid) accepted++;
          // A value may pass the schemas and be wrong for this service: an engine that it does not have.
          if (isValid) expect([200, 400, 422]).toContain(statusCode);
          else expect([statusCode, body]).toEqual([400, expect.stringContaining('"REQUEST_INVALID"')]);
        }),
        { numRuns: runs, seed: 20_261 },
      );
      expect(accepted).toBeGreaterThan(runs / 20);
    });

    test('refuses what its schema refuses', async () => {
      const wrong = wrongValues(examples[0], endpoint.body!, document);
      expect(wrong.length).toBeGreaterThan(5);
      for (const { what, value } of wrong) {
        const { statusCode, body } = await ask(endpoint, JSON_TYPE, JSON.stringify(value));
        expect([what, statusCode, body]).toEqual([what, 400, expect.stringContaining('"REQUEST_INVALID"')]);
      }
    });
  });

  test.each(named(methods.filter(({ body }) => body === undefined)))(
    '%s refuses a query',
    async (_name, endpoint) => {
      expect((await ask(endpoint, {}, undefined, '?a=1')).statusCode).toBe(400);
    },
  );

  test.each(named(withBody))('%s refuses what is no JSON', async (_name, endpoint) => {
    // JSON-RPC has a code of its own for it, in an answer like any other.
    const status = endpoint.operation.tags.includes('json-rpc') ? 200 : 400;
    for (const text of ['', '{', '{"a":1,"a":2}', '{"__proto__":1}', '['.repeat(65), '\u{feff}{}']) {
      expect([text, (await ask(endpoint, JSON_TYPE, text)).statusCode]).toEqual([text, status]);
    }
  });

  test.each(named(withBody))(
    '%s refuses other content types, and bodies that are too long',
    async (_name, endpoint) => {
      expect((await ask(endpoint, { 'content-type': 'text/plain' }, '{}')).statusCode).toBe(415);
      expect((await ask(endpoint, { ...JSON_TYPE, 'content-encoding': 'br' }, '{}')).statusCode).toBe(415);
      expect((await ask(endpoint, JSON_TYPE, ' '.repeat(BODY_BYTES + 1))).statusCode).toBe(413);
    },
  );

  test('JSON-RPC answers every request that its schema accepts, and every one that it refuses', async () => {
    const rpc = endpoints.find(({ operation }) => operation.tags.includes('json-rpc'))!;
    const anything = fc.oneof(valuesOf(rpc.body!, document), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        const { statusCode } = await ask(rpc, JSON_TYPE, JSON.stringify(value));
        expect([200, 204]).toContain(statusCode);
      }),
      { numRuns: runs, seed: 20_262 },
    );
  });
}

/** A call with just one of what it may be of; most generated ones have none or several. */
function withOneTarget(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { calls, ...rest } = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(calls)) return { ...rest, calls: calls.map(withOneTarget) };
  const { contract, code, deploy, engine, input, args, ...others } = rest;
  if (deploy !== undefined) {
    const { entry: _entry, static: _static, ...deployment } = others;
    return { ...deployment, deploy, ...(args === undefined ? {} : { args }) };
  }
  const given = input === undefined ? { args } : { input };
  return code === undefined
    ? { ...others, ...given, contract: contract ?? '00'.repeat(32) }
    : { ...others, ...given, code, engine };
}

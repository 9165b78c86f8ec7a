import { validate } from '@readme/openapi-parser';
import { createApiKey, createServer, parseEstimatorConfig } from '@switchyard/estimator';
import { METHODS } from '@switchyard/estimator/api';
import { describe, expect, test } from 'vitest';
import { runtimeOf } from '../../packages/estimator/src/run/runtime.fixture.ts';
import { QueuedService } from '../../packages/estimator/src/service/queued-service.ts';
import { FakeService } from '../../packages/estimator/src/test-support/fake-service.fixture.ts';
import { InThreadPool } from '../../packages/estimator/src/test-support/in-thread-pool.fixture.ts';
import { endpointsOf, type OpenApiDocument } from './openapi-document.ts';
import { openApiSuite } from './openapi-suite.ts';

/** The document of a server with this configuration. */
async function documentOf(section: Record<string, unknown> = {}): Promise<OpenApiDocument> {
  const config = parseEstimatorConfig({ log: { level: 'silent' }, ...section }, 'test');
  const app = await createServer({ service: new FakeService(), config, version: '0.1.0' });
  try {
    const response = await app.inject('/openapi.json');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    return response.json() as OpenApiDocument;
  } finally {
    await app.close();
  }
}

const document = await documentOf();
const secured = await documentOf({ keys: [createApiKey('wallet').entry], metrics: { requireKey: true } });

describe('the document', () => {
  test.each([
    ['open', document],
    ['secured', secured],
  ])('of a service that is %s is valid OpenAPI 3.1', async (_kind, one) => {
    expect(one.openapi).toBe('3.1.0');
    expect(await validate(structuredClone(one) as never)).toMatchObject({ valid: true, warnings: [] });
  });

  test('has an operation for every method, by the schemas that check its params', () => {
    const operations = endpointsOf(document).filter(({ operation }) => operation.tags.includes('methods'));
    expect(operations.map(({ method, path, operation }) => [operation.operationId, method, path])).toEqual(
      Object.entries(METHODS).map(([name, { http }]) => [name, http.method, http.path]),
    );
    expect(operations.map(({ body }) => body?.['$ref'])).toEqual([
      '#/components/schemas/EstimateGasParams',
      '#/components/schemas/ExecuteParams',
      '#/components/schemas/CallSequenceParams',
      '#/components/schemas/TraceParams',
      '#/components/schemas/ValidateCodeParams',
      undefined,
    ]);
  });

  test('names keys only where the service has some', () => {
    const securityOf = (one: OpenApiDocument) =>
      Object.fromEntries(
        endpointsOf(one).map(({ operation }) => [operation.operationId, operation.security?.length]),
      );
    expect(Object.values(securityOf(document)).every((count) => count === undefined)).toBe(true);
    expect(securityOf(secured)).toMatchObject({ vm_execute: 2, rpc: 2, metrics: 2, vm_engines: 2 });
    expect(securityOf(secured)['health']).toBeUndefined();
    const statuses = (one: OpenApiDocument) => Object.keys(one.paths['/v1/execute']!['post']!.responses);
    expect(statuses(document)).toEqual(['200', '400', '408', '413', '415', '422', '429', '500', '503']);
    expect(statuses(secured)).toEqual(['200', '400', '401', '408', '413', '415', '422', '429', '500', '503']);
  });
});

describe('a server on a fake service', () => {
  openApiSuite(() => new FakeService(), document, 60);
});

describe('a server on real engines over an empty state', () => {
  openApiSuite(() => realService(), document, 60);
});

/** The service with its queue and cache; jobs run in this thread. */
function realService(): QueuedService {
  const versions = { read: () => 1n, close: async () => {} };
  const limits = { responseBytes: 4_194_304, queue: 100, queuePerClient: 100, timeMs: 1000, heapMb: 256 };
  return new QueuedService(new InThreadPool(runtimeOf(), async () => {}), versions, 1_048_576, limits);
}

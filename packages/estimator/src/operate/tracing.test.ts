import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { parseEstimatorConfig } from '../config/parse-estimator-config.ts';
import { createServer as createEstimatorServer } from '../http/create-server.ts';
import { FakeService, failed, ok } from '../test-support/fake-service.fixture.ts';

interface SentSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: SentSpan['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

/** A collector of OTLP over HTTP: what it was sent, and where. */
async function startCollector() {
  const received: { path: string; headers: IncomingHttpHeaders; body: Export }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Export;
      received.push({ path: request.url!, headers: request.headers, body });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces` };
}

const attributesOf = (span: { attributes: SentSpan['attributes'] }) =>
  Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

test('spans of a request and of its jobs go to the collector, under the span that the client names', async () => {
  const collector = await startCollector();
  const service = new FakeService((job) =>
    job.method === 'vm_execute' ? failed('OUT_OF_GAS', 'No.') : ok(job.method, { isCached: true }),
  );
  const app = await createEstimatorServer({
    service,
    config: parseEstimatorConfig(
      { tracing: { url: collector.url, serviceName: 'gas' }, log: { level: 'silent' } },
      'test',
    ),
    version: '0.1.0',
  });
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  const payload = [
    { jsonrpc: '2.0', id: 1, method: 'vm_execute', params: { contract: 'ab'.repeat(32) } },
    { jsonrpc: '2.0', id: 2, method: 'vm_engines' },
  ];
  await app.inject({ method: 'POST', url: '/rpc', headers: { traceparent }, payload });
  await app.close();

  expect(collector.received.map(({ path, headers }) => [path, headers['content-type']])).toEqual([
    ['/v1/traces', 'application/json'],
  ]);
  const [{ resource, scopeSpans }] = collector.received[0]!.body.resourceSpans as [
    Export['resourceSpans'][0],
  ];
  expect(attributesOf(resource)).toEqual({ 'service.name': 'gas', 'service.version': '0.1.0' });
  const spans = scopeSpans[0]!.spans;
  expect(spans.map(({ name }) => name)).toEqual(['vm_execute', 'vm_engines', 'POST /rpc']);
  const [execute, engines, request] = spans as [SentSpan, SentSpan, SentSpan];
  expect(spans.every((span) => span.traceId === traceId)).toBe(true);
  expect(request.parentSpanId).toBe('b7ad6b7169203331');
  expect([execute.parentSpanId, engines.parentSpanId]).toEqual([request.spanId, request.spanId]);
  expect(attributesOf(request)).toEqual({
    'http.request.method': 'POST',
    'url.path': '/rpc',
    'http.response.status_code': 200,
    'switchyard.client': '127.0.0.1',
  });
  expect(attributesOf(execute)).toEqual({
    'switchyard.cached': false,
    'switchyard.worker_ms': 2,
    'switchyard.engine': 'tbpf',
    'switchyard.tier': 'compiled',
    'switchyard.status': 'failed',
  });
  expect(execute.status).toEqual({ code: 2, message: 'OUT_OF_GAS' });
  expect(attributesOf(engines)).toMatchObject({ 'switchyard.cached': true, 'switchyard.gas_used': '1234' });
});

test('a traceparent that is none begins a trace of its own', async () => {
  const collector = await startCollector();
  const app = await createEstimatorServer({
    service: new FakeService(),
    config: parseEstimatorConfig({ tracing: { url: collector.url }, log: { level: 'silent' } }, 'test'),
    version: '0.1.0',
  });
  await app.inject({ url: '/health', headers: { traceparent: '00-zz-1-01' } });
  await app.close();
  const [span] = collector.received[0]!.body.resourceSpans[0]!.scopeSpans[0]!.spans;
  expect(span!.name).toBe('GET /health');
  expect(span!.parentSpanId).toBeUndefined();
});

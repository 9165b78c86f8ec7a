import { describe, expect, test } from 'vitest';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';
import { FakeService, failed, ok } from '../test-support/fake-service.fixture.ts';

const CONTRACT = 'ab'.repeat(32);
const JSON_TYPE = { 'content-type': 'application/json' };

test('an endpoint takes the params as its body and answers with the text of the result', async () => {
  const { app, service } = await createTestServer();
  const response = await app.inject({
    method: 'POST',
    url: '/v1/estimate-gas',
    payload: { contract: CONTRACT },
  });
  const expected = ok('vm_estimateGas');
  expect([response.statusCode, response.body]).toEqual([200, expected.json]);
  expect(response.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  expect(service.asked).toEqual([
    { jobs: [{ method: 'vm_estimateGas', params: { contract: CONTRACT } }], client: '127.0.0.1' },
  ]);
});

test.each([
  [failed('OUT_OF_GAS', 'No.'), 422, undefined, { kind: 'contract', retryable: false }],
  [failed('ENGINE_UNKNOWN', 'No.'), 400, undefined, { kind: 'request', retryable: false }],
  [failed('MEMORY_LIMIT_EXCEEDED', 'No.'), 422, undefined, { kind: 'limit', retryable: false }],
  [failed('QUEUE_FULL', 'No.', 2), 503, '2', { kind: 'full', retryable: true, retryAfterSeconds: 2 }],
  [failed('STATE_UNAVAILABLE', 'No.', 5), 503, '5', { kind: 'state', retryable: true, retryAfterSeconds: 5 }],
  [
    failed('SERVICE_STOPPING', 'No.', 1),
    503,
    '1',
    { kind: 'stopping', retryable: true, retryAfterSeconds: 1 },
  ],
  [failed('INTERNAL', 'No.'), 500, undefined, { kind: 'internal', retryable: false }],
])('a fault has the status of its kind %#', async (answer, status, retryAfter, more) => {
  const { app } = await createTestServer({}, new FakeService(() => answer));
  const response = await app.inject({ method: 'POST', url: '/v1/execute', payload: { contract: CONTRACT } });
  expect([response.statusCode, response.headers['retry-after']]).toEqual([status, retryAfter]);
  expect(response.json()).toEqual({ error: { ...(JSON.parse(answer.json) as object), ...more } });
});

describe('what is wrong with a request is said in one shape', () => {
  test.each<
    [
      string,
      'GET' | 'POST' | 'PUT',
      string,
      Record<string, string>,
      string | Buffer | undefined,
      number,
      string,
    ]
  >([
    [
      'a field',
      'POST',
      '/v1/execute',
      JSON_TYPE,
      `{"contract":"${CONTRACT}","gasLimit":true}`,
      400,
      'gasLimit: expected an integer from 0 to 2^64 − 1 (a number up to 2^53 − 1, or decimal digits in a string), found boolean true.',
    ],
    [
      'the whole',
      'POST',
      '/v1/execute',
      JSON_TYPE,
      '{}',
      400,
      'the body: give exactly one of contract, code and deploy.',
    ],
    [
      'another type',
      'POST',
      '/v1/execute',
      JSON_TYPE,
      '[]',
      400,
      'the body: expected an object, found an array of 0.',
    ],
    ['no body', 'POST', '/v1/execute', {}, undefined, 400, 'the body: expected an object, found nothing.'],
    [
      'an empty body',
      'POST',
      '/v1/execute',
      JSON_TYPE,
      '',
      400,
      'the body: expected JSON, found none: Unexpected end of JSON input.',
    ],
    ['a query', 'GET', '/v1/engines?all=1', {}, undefined, 400, 'all: unknown key; expected none.'],
    [
      'JSON',
      'POST',
      '/v1/execute',
      JSON_TYPE,
      '{"a":',
      400,
      'the body: expected JSON, found none: Unexpected end of JSON input.',
    ],
    [
      'bytes',
      'POST',
      '/v1/execute',
      JSON_TYPE,
      Buffer.from([0x7b, 0xc3, 0x28, 0x7d]),
      400,
      'the body: expected JSON in UTF-8, found bytes that are none.',
    ],
    [
      '__proto__',
      'POST',
      '/v1/execute',
      JSON_TYPE,
      '{"__proto__":{"contract":1}}',
      400,
      'the body: the key "__proto__" is not taken.',
    ],
    [
      'the content type',
      'POST',
      '/v1/execute',
      { 'content-type': 'text/plain' },
      '{}',
      415,
      'Content-Type: expected application/json without Content-Encoding, found something else.',
    ],
    [
      'no content type',
      'POST',
      '/v1/execute',
      { 'content-type': '' },
      '{}',
      415,
      'Content-Type: expected application/json without Content-Encoding, found something else.',
    ],
    [
      'compression',
      'POST',
      '/v1/execute',
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      '{}',
      415,
      'Content-Type: expected application/json without Content-Encoding, found something else.',
    ],
    [
      'the length',
      'POST',
      '/v1/execute',
      JSON_TYPE,
      `{"code":"${'00'.repeat(1024)}"}`,
      413,
      'the body: expected at most 1024 bytes, found more.',
    ],
    ['the path', 'GET', '/v2/engines', {}, undefined, 404, 'There is nothing at "/v2/engines".'],
    [
      'the encoding of the path',
      'GET',
      '/%ff',
      {},
      undefined,
      400,
      'the path: expected percent-encoded UTF-8, found something else.',
    ],
    ['the method', 'GET', '/v1/execute', {}, undefined, 405, '/v1/execute: expected method POST, found GET.'],
    [
      'another method',
      'PUT',
      '/v1/engines',
      JSON_TYPE,
      '{}',
      405,
      '/v1/engines: expected method GET, HEAD, found PUT.',
    ],
  ])('%s', async (_what, method, url, headers, payload, status, message) => {
    const { app, service } = await createTestServer({ limits: { bodyBytes: 1024 } });
    const response = await app.inject({
      method,
      url,
      headers,
      ...(payload === undefined ? {} : { payload }),
    });
    expect(response.statusCode).toBe(status);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(response.headers['x-request-id']).toMatch(/^[\w-]{36}$/);
    if (status === 405) expect(response.headers['allow']).toBe(url === '/v1/engines' ? 'GET, HEAD' : 'POST');
    expect(response.json().error).toMatchObject({
      code: 'REQUEST_INVALID',
      message,
      kind: 'request',
      retryable: false,
    });
    expect(service.asked).toEqual([]);
  });
});

test('JSON-RPC says of a whole HTTP request what is wrong in its own shape', async () => {
  const { app } = await createTestServer({ limits: { bodyBytes: 1024 } });
  const post = async (headers: Record<string, string>, payload: string) => {
    const response = await app.inject({ method: 'POST', url: '/', headers, payload });
    const { id, error } = response.json() as { id: null; error: { code: number; data: { code: string } } };
    return [response.statusCode, id, error.code, error.data.code];
  };
  expect(await post({ 'content-type': 'text/plain' }, '{}')).toEqual([415, null, -32600, 'REQUEST_INVALID']);
  expect(await post(JSON_TYPE, ' '.repeat(1025))).toEqual([413, null, -32600, 'REQUEST_INVALID']);
});

test('no other origin may ask unless the configuration names it', async () => {
  const headers = { origin: 'https://example.org', 'access-control-request-method': 'POST' };
  const closed = await createTestServer();
  expect(
    (await closed.app.inject({ url: '/v1/engines', headers })).headers['access-control-allow-origin'],
  ).toBeUndefined();
  expect((await closed.app.inject({ method: 'OPTIONS', url: '/rpc', headers })).statusCode).toBe(405);
  const { app } = await createTestServer({ cors: { origins: ['https://example.org'] } });
  const preflight = await app.inject({ method: 'OPTIONS', url: '/rpc', headers });
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': 'https://example.org',
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type, authorization, x-api-key, x-request-id, traceparent',
  });
  const other = await app.inject({ url: '/v1/engines', headers: { origin: 'https://other.org' } });
  expect(other.headers['access-control-allow-origin']).toBeUndefined();
  const refused = await app.inject({ method: 'POST', url: '/v1/execute', headers, payload: {} });
  expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([
    400,
    'https://example.org',
  ]);
});

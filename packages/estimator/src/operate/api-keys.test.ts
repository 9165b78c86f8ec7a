import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';
import { createApiKey, KeyRing, presentedKey } from './api-keys.ts';

const wallet = createApiKey('wallet');
const explorer = createApiKey('explorer');

test('a new key is 32 random bytes, of which the configuration gets the sha-256 alone', () => {
  expect(wallet.key).toMatch(/^swy_[\w-]{43}$/);
  expect(wallet.key).not.toBe(explorer.key);
  const sha256 = createHash('sha256').update(wallet.key).digest('hex');
  expect(wallet.entry).toEqual({ name: 'wallet', sha256 });
});

test.each([
  [{ authorization: 'Bearer abc' }, 'abc'],
  [{ authorization: 'bearer  abc ' }, 'abc'],
  [{ 'x-api-key': 'abc' }, 'abc'],
  [{ authorization: 'Bearer abc', 'x-api-key': 'def' }, 'abc'],
  [{ authorization: 'Basic YWJj' }, ''],
  [{ authorization: 'Bearer' }, ''],
  [{}, undefined],
])('headers %j bring the key %j', (headers, key) => {
  expect(presentedKey(headers)).toBe(key);
});

describe('a service with keys', () => {
  const keys = [{ ...wallet.entry, callsPerSecond: 1, burst: 2 }, explorer.entry];
  const paths = ['/v1/engines', '/rpc', '/v1/execute'] as const;

  async function statusOf(
    app: Awaited<ReturnType<typeof createTestServer>>['app'],
    url: string,
    headers: Record<string, string>,
  ) {
    const isGet = url === '/v1/engines' || url === '/metrics';
    const payload =
      url === '/rpc' ? { jsonrpc: '2.0', id: 1, method: 'vm_engines' } : { contract: 'ab'.repeat(32) };
    return app.inject({ method: isGet ? 'GET' : 'POST', url, headers, ...(isGet ? {} : { payload }) });
  }

  test.each(paths)('answers %s to whoever has one, under its name', async (url) => {
    const { app, service } = await createTestServer({ keys, cache: { bytes: 0 } });
    for (const headers of [{ authorization: `Bearer ${wallet.key}` }, { 'x-api-key': explorer.key }]) {
      expect((await statusOf(app, url, headers)).statusCode).toBe(200);
    }
    expect(service.asked.map(({ client }) => client)).toEqual(['wallet', 'explorer']);
  });

  test.each(paths)('refuses %s without one, and with a wrong one', async (url) => {
    const { app, service } = await createTestServer({ keys });
    const cases = [
      [{}, 'The request brings no key.'],
      [{ authorization: `Bearer ${wallet.key}x` }, 'The key is not one of this service.'],
      [{ authorization: `Bearer ${wallet.entry.sha256}` }, 'The key is not one of this service.'],
      [{ authorization: 'Basic YWJj' }, 'The key is not one of this service.'],
      [{ 'x-api-key': '' }, 'The key is not one of this service.'],
    ] as const;
    for (const [headers, message] of cases) {
      const response = await statusOf(app, url, headers);
      expect(response.statusCode).toBe(401);
      expect(response.headers['www-authenticate']).toBe('Bearer');
      const body = response.json() as { error: Record<string, unknown>; id?: null };
      if (url === '/rpc') {
        expect(body).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32001, message } });
      } else {
        expect(body.error).toMatchObject({
          code: 'UNAUTHORIZED',
          message,
          kind: 'unauthorized',
          retryable: false,
        });
      }
    }
    expect(service.asked).toEqual([]);
  });

  test('may answer to clients without a key, but not to a wrong one', async () => {
    const { app, service } = await createTestServer({ keys, anonymous: true });
    expect((await statusOf(app, '/v1/engines', {})).statusCode).toBe(200);
    expect((await statusOf(app, '/v1/engines', { 'x-api-key': 'x' })).statusCode).toBe(401);
    expect(service.asked.map(({ client }) => client)).toEqual(['127.0.0.1']);
  });

  test('answers /health, /ready, /metrics and the document without one', async () => {
    const { app } = await createTestServer({ keys });
    for (const url of ['/health', '/ready', '/metrics', '/openapi.json']) {
      expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200]);
    }
  });

  test('asks for one at /metrics where it is told to', async () => {
    const { app } = await createTestServer({ keys, anonymous: true, metrics: { requireKey: true } });
    expect((await statusOf(app, '/metrics', {})).statusCode).toBe(401);
    expect((await statusOf(app, '/metrics', { 'x-api-key': wallet.key })).statusCode).toBe(200);
  });
});

test('a service without keys does not look at what a gateway sends along', async () => {
  const { app } = await createTestServer();
  const response = await app.inject({
    url: '/v1/engines',
    headers: { authorization: 'Bearer of-the-gateway' },
  });
  expect(response.statusCode).toBe(200);
});

test('nobody has the empty key, whatever hash is configured', () => {
  const owner = { sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };
  expect(new KeyRing([owner]).find('')).toBeUndefined();
});

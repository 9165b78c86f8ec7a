import { describe, expect, test } from 'vitest';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';
import { createApiKey } from './api-keys.ts';
import { clientAddress } from './client-address.ts';

const engines = { jsonrpc: '2.0', id: 1, method: 'vm_engines' };

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:2:ffff::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
  [undefined, 'unknown'],
])('a client at %s is known as %s', (address, client) => {
  expect(clientAddress(address)).toBe(client);
});

describe('a limit of calls', () => {
  const clock = { ms: 0 };
  const limited = (section: Record<string, unknown> = {}) => {
    clock.ms = 0;
    return createTestServer({ rate: { callsPerSecond: 2, burst: 4 }, ...section }, undefined, {
      now: () => clock.ms,
    });
  };

  test('refuses REST calls above it with 429 until as many came back', async () => {
    const { app } = await limited();
    for (let call = 0; call < 4; call++) expect((await app.inject('/v1/engines')).statusCode).toBe(200);
    const refused = await app.inject('/v1/engines');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1']);
    expect(refused.json()).toMatchObject({
      error: {
        code: 'RATE_LIMITED',
        message: 'More than 2 calls a second, with bursts of 4: ask again in 1 s.',
        kind: 'busy',
        retryable: true,
        retryAfterSeconds: 1,
      },
    });
    clock.ms = 500;
    expect((await app.inject('/v1/engines')).statusCode).toBe(200);
    expect((await app.inject('/v1/engines')).statusCode).toBe(429);
  });

  test('counts each entry of a batch, and refuses a batch as a whole', async () => {
    const { app, service } = await limited();
    const post = (payload: object) => app.inject({ method: 'POST', url: '/rpc', payload });
    expect((await post([engines, engines, engines])).statusCode).toBe(200);
    const refused = await post([engines, engines]);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1']);
    expect(refused.json()).toMatchObject({
      id: null,
      error: { code: -32005, data: { code: 'RATE_LIMITED' } },
    });
    expect((await post([engines])).statusCode).toBe(200);
    expect((await post(engines)).statusCode).toBe(429);
    expect(service.asked.map(({ jobs }) => jobs.length)).toEqual([3, 1]);
  });

  test('says that a batch above the burst never passes', async () => {
    const { app } = await limited();
    const refused = await app.inject({ method: 'POST', url: '/rpc', payload: Array(5).fill(engines) });
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([400, undefined]);
    expect(refused.json().error).toMatchObject({
      code: -32600,
      message: 'the batch: expected at most 4 calls, which is the burst of this client, found 5.',
    });
  });

  test('counts calls that are refused for what they are, so that guessing costs, too', async () => {
    const { app } = await limited();
    const post = () =>
      app.inject({
        method: 'POST',
        url: '/rpc',
        headers: { 'content-type': 'application/json' },
        payload: '{',
      });
    for (let call = 0; call < 4; call++) expect((await post()).statusCode).toBe(200);
    expect((await post()).statusCode).toBe(429);
  });

  test('is each address its own, and that of a key the key’s', async () => {
    const slow = createApiKey('slow');
    const free = createApiKey('free');
    const keys = [{ ...slow.entry, callsPerSecond: 1, burst: 1 }, free.entry];
    const { app } = await limited({ keys, anonymous: true });
    const ask = async (remoteAddress: string, key?: string) => {
      const headers = key === undefined ? {} : { 'x-api-key': key };
      return (await app.inject({ url: '/v1/engines', remoteAddress, headers })).statusCode;
    };
    for (let call = 0; call < 4; call++) expect(await ask('192.0.2.1')).toBe(200);
    expect(await ask('192.0.2.1')).toBe(429);
    expect(await ask('192.0.2.2')).toBe(200);
    expect(await ask('192.0.2.1', slow.key)).toBe(200);
    expect(await ask('192.0.2.2', slow.key)).toBe(429);
    for (let call = 0; call < 10; call++) expect(await ask('192.0.2.1', free.key)).toBe(200);
  });

  test('believes X-Forwarded-For of the proxies that are trusted alone', async () => {
    const forwarded = { 'x-forwarded-for': '198.51.100.9' };
    const clientOf = async (trustProxy: unknown, remoteAddress: string) => {
      const { app, service } = await createTestServer({ trustProxy });
      await app.inject({ url: '/v1/engines', headers: forwarded, remoteAddress });
      return service.asked[0]!.client;
    };
    expect(await clientOf(false, '10.0.0.1')).toBe('10.0.0.1');
    expect(await clientOf(true, '10.0.0.1')).toBe('198.51.100.9');
    expect(await clientOf(['10.0.0.0/8'], '10.0.0.1')).toBe('198.51.100.9');
    expect(await clientOf(['10.0.0.0/8'], '11.0.0.1')).toBe('11.0.0.1');
  });
});

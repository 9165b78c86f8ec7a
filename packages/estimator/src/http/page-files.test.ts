import { expect, test } from 'vitest';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';

const CSP = "default-src 'none'; script-src 'self'";
const page = [
  { path: '/', contentType: 'text/html; charset=utf-8', body: '<p>ä</p>', csp: CSP },
  { path: '/page/app.js', contentType: 'text/javascript; charset=utf-8', body: new Uint8Array([0x61]) },
];

test('the files of the page are served as they are, with their policy and an ETag', async () => {
  const { app } = await createTestServer({}, undefined, { page });
  const index = await app.inject('/');
  expect([index.statusCode, index.body]).toEqual([200, '<p>ä</p>']);
  expect(index.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': CSP,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    etag: expect.stringMatching(/^"[\w-]{22}"$/),
  });
  const script = await app.inject('/page/app.js');
  expect([script.statusCode, script.body]).toEqual([200, 'a']);
  expect(script.headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
});

test('a browser whose copy is good gets 304 and nothing else', async () => {
  const { app } = await createTestServer({}, undefined, { page });
  const { etag } = (await app.inject('/')).headers as { etag: string };
  const again = await app.inject({ url: '/', headers: { 'if-none-match': etag } });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  expect((await app.inject({ url: '/', headers: { 'if-none-match': '"other"' } })).statusCode).toBe(200);
});

test('there is no page where the configuration turns it off, and JSON-RPC at POST / in either case', async () => {
  const { app } = await createTestServer({ page: false }, undefined, { page });
  expect((await app.inject('/')).statusCode).toBe(405);
  expect((await app.inject('/page/app.js')).statusCode).toBe(404);
  const payload = { jsonrpc: '2.0', id: 1, method: 'vm_engines' };
  expect((await app.inject({ method: 'POST', url: '/', payload })).statusCode).toBe(200);
});

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import type { Answer } from '../service/service.ts';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';
import { FakeService, ok } from '../test-support/fake-service.fixture.ts';

/** A connection to a listening server, and all that it has received. */
async function open(
  app: FastifyInstance,
): Promise<{ socket: Socket; text: () => string; closed: Promise<unknown> }> {
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.on('data', (data) => {
    received += data.toString('utf8');
  });
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  return { socket, text: () => received, closed };
}

const GET = 'GET /v1/engines HTTP/1.1\r\nhost: a\r\n\r\n';

test('close() answers what is in flight, refuses what comes after, ends connections, then closes the service', async () => {
  let release: (answer: Answer) => void = () => {};
  const begun = withResolvers();
  const service = new FakeService(
    () =>
      new Promise((resolve) => {
        release = resolve;
        begun.resolve(undefined);
      }),
  );
  const { app } = await createTestServer({}, service);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const waiting = await open(app);
  // Nothing is ever asked on this one.
  const idle = await open(app);
  waiting.socket.write(GET);
  await begun.promise;

  const closing = app.close();
  // A second request on the connection that waits: it is read when the first one is answered.
  waiting.socket.write(GET);
  expect(service.isClosed).toBe(false);
  release(ok('vm_engines'));
  await closing;
  await waiting.closed;
  await idle.closed;
  expect(service.isClosed).toBe(true);
  expect(waiting.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(waiting.text()).toContain('"profile":"tos"');
  expect(service.asked.length).toBe(1);
});

test('a request that comes while the server stops is refused with SERVICE_STOPPING', async () => {
  let release: (answer: Answer) => void = () => {};
  const begun = withResolvers();
  const service = new FakeService(
    () =>
      new Promise((resolve) => {
        release = resolve;
        begun.resolve(undefined);
      }),
  );
  const { app } = await createTestServer({}, service);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const waiting = await open(app);
  // The head of a request has come, so its connection is not idle when the stop begins; its end comes after.
  const late = await open(app);
  late.socket.write('GET /v1/engines HTTP/1.1\r\nhost: a\r\n');
  waiting.socket.write(GET);
  await begun.promise;
  const closing = app.close();
  late.socket.write('\r\n');
  await once(late.socket, 'data');
  expect(late.text()).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
  expect(late.text()).toContain('retry-after: 1');
  expect(late.text()).toContain('"code":"SERVICE_STOPPING"');
  release(ok('vm_engines'));
  await closing;
});

test('a request that never arrives whole does not keep the server from stopping', async () => {
  const { app, service } = await createTestServer({ limits: { bodyTimeoutMs: 100 } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const slow = await open(app);
  const begun = once(app.server, 'request');
  slow.socket.write(
    'POST /v1/execute HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  );
  await begun;
  await app.close();
  await slow.closed;
  expect(service.isClosed).toBe(true);
});

test.each([
  ['a head', 'POST /rpc HTTP/1.1\r\nhost: a\r\n'],
  [
    'a body',
    'POST /rpc HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"json',
  ],
])('a client that never finishes %s is answered 408 and cut off', async (_part, text) => {
  const { app, service } = await createTestServer({ limits: { bodyTimeoutMs: 100 } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const slow = await open(app);
  slow.socket.write(text);
  await slow.closed;
  expect(slow.text()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  const body = JSON.parse(slow.text().split('\r\n\r\n')[1]!) as { error: Record<string, unknown> };
  expect(body.error).toMatchObject({
    code: 'REQUEST_INVALID',
    message: 'The request did not arrive whole in time.',
    hint: 'Send it faster, or raise `estimator.limits.bodyTimeoutMs`.',
  });
  expect(service.asked).toEqual([]);
});

test.each([
  ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400 Bad Request\r\n/],
  [
    'long headers',
    `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/,
  ],
])('%s is refused and cut off', async (_what, text, answer) => {
  const { app } = await createTestServer();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const broken = await open(app);
  broken.socket.write(text);
  await broken.closed;
  expect(broken.text()).toMatch(answer);
  expect(broken.text()).toContain('"code":"REQUEST_INVALID"');
});

test('connections above the limit are closed at once', async () => {
  const { app } = await createTestServer({ limits: { connections: 1 } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const first = await open(app);
  first.socket.write(GET);
  await once(first.socket, 'data');
  const second = await open(app);
  await second.closed;
  expect(second.text()).toBe('');
});

test('a client that does not wait for its answer is in the log, and harms nobody', async () => {
  let release: (answer: Answer) => void = () => {};
  const begun = withResolvers();
  const service = new FakeService(
    () =>
      new Promise((resolve) => {
        release = resolve;
        begun.resolve(undefined);
      }),
  );
  const logged = withResolvers();
  const { app } = await createTestServer({}, service, { log: { write: logged.resolve } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const client = await open(app);
  client.socket.write(GET);
  await begun.promise;
  client.socket.destroy();
  const line = JSON.parse((await logged.promise) as string) as unknown;
  expect(line).toMatchObject({ path: '/v1/engines', msg: 'the client did not wait' });
  release(ok('vm_engines'));
  expect((await app.inject('/health')).statusCode).toBe(200);
});

function withResolvers(): { promise: Promise<unknown>; resolve: (value: unknown) => void } {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';

test('bodies on their way together are bounded, and there is room again when one is answered', async () => {
  const { app } = await createTestServer({ limits: { bodyBytes: 10_000 } });
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const head =
    'POST /rpc HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10000\r\n\r\n';
  const sockets: Socket[] = [];
  const arrived = () => new Promise((resolve) => app.server.getConnections((_, count) => resolve(count)));
  const payload = { jsonrpc: '2.0', id: 1, method: 'vm_engines' };
  const ask = async () => {
    const response = await fetch(`${url.href}rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    });
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  };
  expect((await ask()).status).toBe(200);
  for (let index = 0; index < 32; index++) {
    const socket = connect(Number(url.port), url.hostname);
    socket.on('error', () => {});
    sockets.push(socket);
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
  }
  while ((await ask()).status === 200) await arrived();
  expect(await ask()).toEqual({ status: 503, retryAfter: '1' });
  // One of them gives up.
  sockets[0]!.destroy();
  while ((await ask()).status !== 200) await arrived();
  for (const socket of sockets) socket.destroy();
  await app.close();
});

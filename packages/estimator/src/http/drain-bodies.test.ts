import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';

test('a client that sends a body that is too long can send it whole, and gets its answer', async () => {
  const { app } = await createTestServer({ limits: { bodyBytes: 10_000 } });
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  const socket = connect(Number(url.port), url.hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  const head = 'POST /rpc HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close';
  socket.write(`${head}\r\ncontent-length: 30000\r\n\r\n`);
  for (let sent = 0; sent < 30_000; sent += 10_000) {
    socket.write(' '.repeat(10_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  await app.close();
});

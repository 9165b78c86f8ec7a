import { createServer, type Server } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { StateChange, VmError } from '@switchyard/core';
import { openState, openVersionReader, type PostgresOptions } from '@switchyard/state';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPostgres, startPostgres, type TestServer } from '../support/postgres.ts';

const ACCOUNT = new Uint8Array(32).fill(7);

/** A nonce, and a storage slot that must say the same. */
function call(before: number): readonly StateChange[] {
  const after = before + 1;
  return [
    { kind: 'nonce', address: ACCOUNT, before: BigInt(before), after: BigInt(after) },
    {
      kind: 'storage',
      contract: ACCOUNT,
      key: Uint8Array.of(1),
      before: undefined,
      after: Uint8Array.of(after >> 8, after),
    },
  ];
}

function errorOf(action: () => unknown): VmError {
  try {
    action();
  } catch (thrown) {
    return thrown as VmError;
  }
  throw new Error('nothing was thrown');
}

/** What the line to the server does with the next thing that goes over it. */
const LINE = { carry: 0, loseAnswer: 1, loseRequest: 2 } as const;

/**
 * A line to the server that can be cut at a chosen place. In a thread of its own: the one that calls the store is blocked meanwhile.
 * @returns the port to connect to, and the place for a number of `LINE`.
 */
async function startLine(port: number): Promise<{ port: number; next: Int32Array; worker: Worker }> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { createServer, connect } = require('node:net');
    const { workerData: { port, next }, parentPort } = require('node:worker_threads');
    const server = createServer((client) => {
      const far = connect(port, '127.0.0.1');
      const cut = () => { Atomics.store(next, 0, 0); client.destroy(); far.destroy(); };
      client.on('data', (bytes) => (next[0] === 2 ? cut() : far.write(bytes)));
      far.on('data', (bytes) => (next[0] === 1 ? cut() : client.write(bytes)));
      for (const [one, other] of [[client, far], [far, client]]) {
        one.on('error', () => {});
        one.on('close', () => other.destroy());
      }
    });
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
    { eval: true, execArgv: [], workerData: { port, next } },
  );
  return { port: await new Promise((resolve) => worker.once('message', resolve)), next, worker };
}

describe.skipIf(!hasPostgres())('a PostgreSQL server that goes away', () => {
  let server: TestServer;

  beforeAll(async () => {
    // Durable, unlike in other tests: what was committed must be there after the crash.
    server = await startPostgres({ tcp: true, settings: ['fsync=on'] });
  });
  afterAll(() => server?.stop());

  /** A new database with a store in it that has seen one call. */
  async function freshStore(): Promise<PostgresOptions> {
    const options: PostgresOptions = { kind: 'postgres', url: server.newDatabase(), timeoutMs: 3000 };
    const store = openState(options);
    store.commit(call(0));
    await store.close();
    return options;
  }

  test('fails calls with STATE_UNAVAILABLE, and the next ones work when it is back; nothing kept is lost, nothing is kept by half', async () => {
    const options = await freshStore();
    const store = openState(options);
    const reader = openState({ ...options, readOnly: true });
    for (let i = 1; i < 50; i++) store.commit(call(i));
    for (let round = 0; round < 3; round++) {
      const before = Number(store.getNonce(ACCOUNT));
      const version = reader.pin();
      expect(reader.getNonce(ACCOUNT)).toBe(BigInt(before));
      server.kill();
      const refused = errorOf(() => store.commit(call(before)));
      expect([refused.code, refused.details['retryable']]).toEqual(['STATE_UNAVAILABLE', expect.any(String)]);
      expect(errorOf(() => store.getNonce(ACCOUNT))).toMatchObject({
        code: 'STATE_UNAVAILABLE',
        details: { retryable: 'true' },
      });
      // What the view has read it still knows; the rest of it is gone, and is not read from another state.
      expect(reader.getNonce(ACCOUNT)).toBe(BigInt(before));
      expect(errorOf(() => reader.getStorage(ACCOUNT, Uint8Array.of(1))).code).toBe('STATE_UNAVAILABLE');
      server.restart();
      expect(errorOf(() => reader.getStorage(ACCOUNT, Uint8Array.of(1))).message).toContain(
        'the pinned view ended with the connection',
      );
      expect(reader.pin()).toBe(version);
      expect(reader.getStorage(ACCOUNT, Uint8Array.of(1))).toEqual(Uint8Array.of(before >> 8, before));
      store.commit(call(before));
      expect(store.getNonce(ACCOUNT)).toBe(BigInt(before + 1));
      expect(store.getStorage(ACCOUNT, Uint8Array.of(1))).toEqual(Uint8Array.of(0, before + 1));
    }
    await store.close();
    await reader.close();
  });

  test('in the middle of replacing everything leaves the state as it was', async () => {
    const store = openState(await freshStore());
    const before = [...store.records()];
    const many = function* () {
      for (let i = 0; i < 5000; i++) {
        if (i === 4000) server.kill();
        const key = new Uint8Array(36).fill(2);
        key.set([1, 1]);
        key.set([i >> 8, i & 255], 34);
        yield { key, value: Uint8Array.of(1, 5) };
      }
    };
    expect(errorOf(() => store.replaceAll(many())).code).toBe('STATE_UNAVAILABLE');
    server.restart();
    expect([...store.records()]).toEqual(before);
    await store.close();
  });

  test('is told by the reader of versions within its time, and found again', async () => {
    const versions = openVersionReader(await freshStore());
    const version = await versions.read();
    server.kill();
    await expect(versions.read()).rejects.toMatchObject({
      code: 'STATE_UNAVAILABLE',
      details: { retryable: 'true' },
    });
    server.restart();
    expect(await versions.read()).toBe(version);
    await versions.close();
  });

  test('a statement that waits too long is broken off, and the store goes on', async () => {
    const database = server.newDatabase();
    const store = openState({ kind: 'postgres', url: database, timeoutMs: 300 });
    store.commit(call(0));
    // An operator's transaction that holds the row of the version.
    const { default: pg } = await import('pg');
    const operator = new pg.Client({ connectionString: database });
    await operator.connect();
    await operator.query('BEGIN; SELECT * FROM switchyard.store FOR UPDATE');
    const error = errorOf(() => store.commit(call(1)));
    expect(error).toMatchObject({ code: 'STATE_UNAVAILABLE' });
    expect(store.getNonce(ACCOUNT)).toBe(1n);
    await operator.query('ROLLBACK');
    await operator.end();
    store.commit(call(1));
    expect(store.getNonce(ACCOUNT)).toBe(2n);
    await store.close();
  });

  test('a server that takes connections and says nothing is given up in time, by the store and by the reader of versions', async () => {
    const silent: Server = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const deaf: PostgresOptions = {
      kind: 'postgres',
      url: `postgres://u:pw@127.0.0.1:${port}/x`,
      timeoutMs: 300,
    };
    const failed = { code: 'STATE_UNAVAILABLE', details: { retryable: 'true' } };
    expect(errorOf(() => openState(deaf))).toMatchObject(failed);
    const versions = openVersionReader(deaf);
    await expect(versions.read()).rejects.toMatchObject(failed);
    await versions.close();
    await new Promise((resolve) => {
      silent.close(resolve);
    });
  });

  test('a commit whose answer is lost is found and counts as kept; one that never arrived does not, and never will', async () => {
    const options = await freshStore();
    const url = new URL(options.url);
    const line = await startLine(Number(url.port));
    url.port = String(line.port);
    const store = openState({ ...options, url: url.href });
    line.next[0] = LINE.loseAnswer;
    store.commit(call(1));
    expect(store.getNonce(ACCOUNT)).toBe(2n);
    line.next[0] = LINE.loseRequest;
    expect(errorOf(() => store.commit(call(2)))).toMatchObject({
      code: 'STATE_UNAVAILABLE',
      details: { retryable: 'true' },
    });
    expect(store.getNonce(ACCOUNT)).toBe(2n);
    store.commit(call(2));
    expect(store.getNonce(ACCOUNT)).toBe(3n);
    await store.close();
    await line.worker.terminate();
  });
});

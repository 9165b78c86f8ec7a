import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPostgres, startPostgres } from '../support/postgres.ts';
import { commandIn, serveEstimator } from '../support/serve.ts';

const COUNTER = fileURLToPath(new URL('../../fixtures/contracts/counter/counter.so', import.meta.url));

interface Reply {
  readonly at: number;
  readonly status: number;
  readonly body: {
    readonly result?: { readonly gasLimit: string };
    readonly error?: {
      readonly code: number;
      readonly data: { readonly code: string; readonly retryable: boolean };
    };
  };
}

describe.skipIf(!hasPostgres())('a service over PostgreSQL', () => {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let served: Awaited<ReturnType<typeof serveEstimator>>;

  beforeAll(async () => {
    postgres = await startPostgres({ tcp: true });
    const url = postgres.newDatabase();
    served = await serveEstimator({
      config: { state: { kind: 'postgres', url, timeoutMs: 2000 }, estimator: { log: { level: 'silent' } } },
      deploy: [COUNTER],
    });
  });
  afterAll(async () => {
    expect(await served?.stop()).toBe(0);
    postgres?.stop();
  });

  async function ask(by: number): Promise<Reply> {
    const params = { contract: served.contracts[0], entry: 0, args: [`u64:${by}`] };
    const response = await fetch(`${served.url}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'vm_estimateGas', params }),
    });
    return { at: performance.now(), status: response.status, body: (await response.json()) as Reply['body'] };
  }

  const readiness = async (): Promise<number> => (await fetch(`${served.url}/ready`)).status;

  /** Asks until the condition holds. @returns all answers until then. */
  async function askUntil(isDone: (reply: Reply) => boolean | Promise<boolean>): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    for (let by = 1; ; by++) {
      const reply = await ask(by);
      replies.push(reply);
      if (await isDone(reply)) return replies;
    }
  }

  test('tells clients to ask again while the server is away, and recovers by itself', async () => {
    expect((await ask(1)).body.result?.gasLimit).toBe('870');
    expect(await readiness()).toBe(200);

    // Four clients ask all the time, through the kill and the restart.
    let isOver = false;
    const clients = Array.from({ length: 4 }, (_, client) =>
      askUntil(() => isOver).then((replies) => ({ client, replies })),
    );
    await askUntil((reply) => reply.body.result !== undefined);
    postgres.kill();
    const failed = await askUntil((reply) => reply.body.error !== undefined);
    expect(await readiness()).toBe(503);
    postgres.restart();
    const recovered = await askUntil((reply) => reply.body.result !== undefined);
    expect(await readiness()).toBe(200);
    isOver = true;

    const all = [...failed, ...recovered, ...(await Promise.all(clients)).flatMap(({ replies }) => replies)];
    for (const { status, body } of all) {
      expect(status).toBe(200);
      if (body.result !== undefined) expect(body.result.gasLimit).toBe('870');
      else
        expect(body.error).toMatchObject({
          code: -32000,
          data: { code: 'STATE_UNAVAILABLE', retryable: true },
        });
    }
    expect(failed.length).toBeGreaterThan(0);
    const rest = await fetch(`${served.url}/v1/estimate-gas`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ contract: served.contracts[0], entry: 0 }),
    });
    expect(rest.status).toBe(200);
  });

  test('sees what another process commits, at the next request, and answers nothing out of the old state', async () => {
    const get = { contract: served.contracts[0], entry: 1 };
    const value = async (): Promise<string> => {
      const response = await fetch(`${served.url}/v1/execute`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(get),
      });
      return ((await response.json()) as { returnData: string }).returnData;
    };
    expect(await value()).toBe('0000000000000000');
    expect(await value()).toBe('0000000000000000');
    commandIn(served.folder, 'call', served.contracts[0]!, '--entry', '0', '--arg', 'u64:7');
    expect(await value()).toBe('0700000000000000');
  });
});

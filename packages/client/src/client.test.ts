import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { estimateAmounts } from './amounts.ts';
import { type ClientOptions, createClient } from './client.ts';
import type { EstimatorError } from './errors.ts';
import type { EstimateGasResult, Fault } from './generated/api-types.ts';

const URL = 'http://127.0.0.1:8645';

const estimate: EstimateGasResult = {
  gasLimit: '18446744073709551615',
  gasUsed: '869',
  refund: '0',
  method: 'exact',
  runs: 2,
  margin: '0',
  exceedsLimit: false,
  breakdown: null,
  contract: '01'.repeat(32),
  engine: 'tbpf',
  version: '0.3.0',
  profile: 'default',
  stateVersion: '7',
  height: '0',
};

const fault: Fault = {
  code: 'CONTRACT_REVERTED',
  message: 'The contract ended with exit code 2.',
  hint: 'Look up the exit code.',
  reason: null,
  native: null,
  exitCode: '2',
  returnData: '',
  pc: null,
  contract: '01'.repeat(32),
  source: null,
  details: {},
};

interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Row = { id: number; method: string; params: unknown };

/** A client whose server answers with what `replies` say, one a request; and what it was asked. */
function clientOf(
  replies: readonly ((rows: Row[]) => unknown)[],
  options: Partial<ClientOptions> = {},
): { client: ReturnType<typeof createClient>; asked: Asked[] } {
  const asked: Asked[] = [];
  const fake = async (url: string, init: RequestInit): Promise<Response> => {
    const body = JSON.parse(init.body as string) as Row | Row[];
    asked.push({ url, headers: init.headers as Record<string, string>, body });
    const reply = replies[asked.length - 1]!([body].flat());
    if (reply instanceof Error) throw reply;
    return reply instanceof Response ? reply : new Response(JSON.stringify(reply));
  };
  return { client: createClient({ url: URL, fetch: fake as typeof fetch, ...options }), asked };
}

const result = (value: unknown) => (rows: Row[]) => ({ jsonrpc: '2.0', id: rows[0]!.id, result: value });
const failure =
  (code: number, data: object, init?: ResponseInit) =>
  ([row]: Row[]) =>
    new Response(
      JSON.stringify({ jsonrpc: '2.0', id: row!.id, error: { code, message: 'No.', data } }),
      init,
    );

/** What a call threw. */
async function thrown(call: Promise<unknown>): Promise<EstimatorError> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: EstimatorError) => error,
  );
}

describe('a call', () => {
  test('is a JSON-RPC request at /rpc, and its result is the answer', async () => {
    const { client, asked } = clientOf([result(estimate)], { key: 'k1' });
    expect(await client.estimateGas({ contract: '01'.repeat(32), entry: 0 })).toEqual(estimate);
    expect(asked).toEqual([
      {
        url: 'http://127.0.0.1:8645/rpc',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          authorization: 'Bearer k1',
        },
        body: {
          jsonrpc: '2.0',
          id: 1,
          method: 'vm_estimateGas',
          params: { contract: '01'.repeat(32), entry: 0 },
        },
      },
    ]);
  });

  test('takes bigint and bytes, at any depth', async () => {
    const { client, asked } = clientOf([result(estimate)]);
    await client.estimateGas({
      code: Buffer.from([0x7f, 0x45]),
      value: 2n ** 64n - 1n,
      from: new Uint8Array(32).fill(10),
      state: { ['02'.repeat(32)]: { balance: 5n, storageDiff: { '00': new Uint8Array([255]) } } },
    });
    expect((asked[0]!.body as Row).params).toEqual({
      code: '7f45',
      value: '18446744073709551615',
      from: '0a'.repeat(32),
      state: { ['02'.repeat(32)]: { balance: '5', storageDiff: { '00': 'ff' } } },
    });
  });

  test('refuses params that JSON cannot hold, before it asks', async () => {
    const { client, asked } = clientOf([]);
    const endless: Record<string, unknown> = {};
    endless['state'] = endless;
    expect((await thrown(client.execute(endless))).code).toBe('PARAMS_INVALID');
    expect(asked).toEqual([]);
  });

  test.each([
    ['http://a/', 'http://a/rpc'],
    ['http://a/vm/', 'http://a/vm/rpc'],
    ['http://a/vm/rpc', 'http://a/vm/rpc'],
  ])('of a service at %s goes to %s', async (url, expected) => {
    const { client, asked } = clientOf([result({ engines: [] })], { url });
    await client.engines();
    expect(asked[0]!.url).toBe(expected);
  });

  test('needs an address', () => {
    expect(() => createClient({ url: 'localhost' })).toThrow('"localhost" is not the address of a service.');
  });
});

describe('a failure', () => {
  test('of the contract has the code of its fault, and the fault', async () => {
    const error = await thrown(clientOf([failure(3, fault)]).client.estimateGas({ code: '' }));
    expect(error).toMatchObject({
      name: 'EstimatorError',
      code: 'CONTRACT_REVERTED',
      message: 'No.',
      rpcCode: 3,
      status: 200,
      fault,
      isRetryable: false,
      retryAfterSeconds: null,
    });
  });

  test('may succeed later if the service says so, and when it says', async () => {
    const data = { ...fault, code: 'A_CODE_OF_LATER', retryable: true, retryAfterSeconds: 3 };
    const { client } = clientOf([failure(-32000, data)]);
    expect(await thrown(client.engines({ retries: 0 }))).toMatchObject({
      isRetryable: true,
      retryAfterSeconds: 3,
    });
  });

  test('of the request as a whole, which has no id, is the call’s', async () => {
    const refuse = () => ({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32001, message: 'Which key?', data: { code: 'UNAUTHORIZED' } },
    });
    expect(await thrown(clientOf([refuse]).client.engines())).toMatchObject({
      code: 'UNAUTHORIZED',
      fault: null,
      rpcCode: -32001,
    });
  });

  test.each([
    ['text', () => new Response('<h1>hello'), 'ANSWER_INVALID', 'is not JSON-RPC'],
    ['JSON of another kind', () => ({ status: 'ok' }), 'ANSWER_INVALID', 'is not JSON-RPC'],
    [
      'another id',
      () => ({ jsonrpc: '2.0', id: 99, result: {} }),
      'ANSWER_INVALID',
      'has id 99, which was not asked for',
    ],
    [
      'no result',
      ([row]: Row[]) => ({ jsonrpc: '2.0', id: row!.id }),
      'ANSWER_INVALID',
      'neither result nor error',
    ],
    ['an HTTP error', () => new Response('not here', { status: 404 }), 'HTTP_ERROR', 'HTTP 404: not here'],
    ['too much', () => new Response('x'.repeat(1001)), 'ANSWER_TOO_LARGE', 'longer than 1000 bytes'],
    [
      'too much by what it tells',
      () => new Response('{}', { headers: { 'content-length': '1001' } }),
      'ANSWER_TOO_LARGE',
      'longer than 1000 bytes',
    ],
    [
      'more than it tells',
      () => new Response('x'.repeat(1001), { headers: { 'content-length': '1000' } }),
      'ANSWER_TOO_LARGE',
      'longer than 1000 bytes',
    ],
  ])('is what an answer is that is %s', async (_, reply, code, message) => {
    const { client, asked } = clientOf([reply], { maxAnswerBytes: 1000 });
    const error = await thrown(client.engines());
    expect({ code: error.code, isRetryable: error.isRetryable }).toEqual({ code, isRetryable: false });
    expect(error.message).toContain(message);
    expect(asked).toHaveLength(1);
  });
});

describe('with time', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const busy = (after?: string) =>
    failure(
      -32005,
      { code: 'QUEUE_FULL' },
      {
        status: 429,
        ...(after === undefined ? {} : { headers: { 'retry-after': after } }),
      },
    );

  test('a call that may succeed later is repeated when the service says', async () => {
    const { client, asked } = clientOf([busy('3'), result(estimate)]);
    const call = client.estimateGas({ code: '' });
    await vi.advanceTimersByTimeAsync(2_999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await call).toEqual(estimate);
    expect(asked).toHaveLength(2);
  });

  test('a service that is not reached is asked again after 250 and 500 ms, and then given up', async () => {
    const refused = () => new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    const { client, asked } = clientOf([refused, refused, refused]);
    const call = thrown(client.engines());
    await vi.advanceTimersByTimeAsync(250);
    expect(asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(500);
    const error = await call;
    expect(error).toMatchObject({ code: 'NETWORK', isRetryable: true, status: null });
    expect(error.message).toBe(
      'http://127.0.0.1:8645/rpc could not be reached: fetch failed: connect ECONNREFUSED',
    );
    expect(asked).toHaveLength(3);
  });

  test('a call does not wait for a time that it does not have', async () => {
    const { client, asked } = clientOf([busy('31')]);
    const error = await thrown(client.engines());
    expect(error).toMatchObject({ code: 'QUEUE_FULL', isRetryable: true, retryAfterSeconds: 31 });
    expect(asked).toHaveLength(1);
  });

  test('retries: 0 repeats nothing', async () => {
    const { client, asked } = clientOf([busy()], { retries: 0 });
    expect((await thrown(client.engines())).code).toBe('QUEUE_FULL');
    expect(asked).toHaveLength(1);
  });

  const never = ((_: string, { signal }: RequestInit) =>
    new Promise((_done, fail) => {
      const stop = () => fail(signal!.reason);
      if (signal!.aborted) stop();
      else signal!.addEventListener('abort', stop);
    })) as typeof fetch;

  test('a call without an answer ends after timeoutMs, its retries included', async () => {
    const call = thrown(createClient({ url: URL, fetch: never, timeoutMs: 700 }).engines());
    await vi.advanceTimersByTimeAsync(700);
    expect(await call).toMatchObject({
      code: 'TIMEOUT',
      message: 'There was no answer within 700 ms; timeoutMs allows more.',
      isRetryable: true,
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a caller can end a call, while it runs, while it waits, and before it begins', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const client = createClient({ url: URL, fetch: never });
    const running = thrown(client.engines({ signal }));
    const { client: other, asked } = clientOf([busy('3')]);
    const waiting = thrown(other.engines({ signal }));
    await vi.advanceTimersByTimeAsync(10);
    controller.abort('enough');
    const before = thrown(client.engines({ signal }));
    expect(await running).toMatchObject({ code: 'ABORTED', cause: 'enough', isRetryable: false });
    expect(await before).toMatchObject({ code: 'ABORTED' });
    expect(await waiting).toMatchObject({ code: 'ABORTED' });
    expect(asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of a batch only the calls that may succeed later are repeated', async () => {
    const first = (rows: Row[]) => [
      {
        jsonrpc: '2.0',
        id: rows[2]!.id,
        error: { code: -32005, message: 'Full.', data: { code: 'QUEUE_FULL' } },
      },
      { jsonrpc: '2.0', id: rows[0]!.id, result: estimate },
      { jsonrpc: '2.0', id: rows[1]!.id, error: { code: 3, message: 'Exit 2.', data: fault } },
    ];
    const second = (rows: Row[]) => [{ jsonrpc: '2.0', id: rows[0]!.id, result: { engines: [] } }];
    const { client, asked } = clientOf([first, second]);
    const call = client.batch([
      { method: 'estimateGas', params: { code: '00' } },
      { method: 'execute', params: { code: '01' } },
      { method: 'engines', params: {} },
    ]);
    await vi.advanceTimersByTimeAsync(250);
    const [a, b, c] = await call;
    expect(a.ok && estimateAmounts(a.result).gasLimit).toBe(2n ** 64n - 1n);
    expect(b.ok ? null : b.error.code).toBe('CONTRACT_REVERTED');
    expect(c.ok && c.result.engines).toEqual([]);
    expect((asked[0]!.body as Row[]).map(({ method }) => method)).toEqual([
      'vm_estimateGas',
      'vm_execute',
      'vm_engines',
    ]);
    expect((asked[1]!.body as Row[]).map(({ method }) => method)).toEqual(['vm_engines']);
  });
});

test('a batch of nothing asks nothing', async () => {
  const { client, asked } = clientOf([]);
  expect(await client.batch([])).toEqual([]);
  expect(asked).toEqual([]);
});

test('a failure of a whole batch is the outcome of each call', async () => {
  const { client } = clientOf([() => new Response('', { status: 404 })]);
  const outcomes = await client.batch([
    { method: 'engines', params: {} },
    { method: 'engines', params: {} },
  ]);
  expect(outcomes.map((outcome) => (outcome.ok ? null : outcome.error.code))).toEqual([
    'HTTP_ERROR',
    'HTTP_ERROR',
  ]);
});

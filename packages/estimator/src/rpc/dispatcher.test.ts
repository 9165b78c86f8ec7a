import { describe, expect, test } from 'vitest';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';
import { FakeService, failed, ok } from '../test-support/fake-service.fixture.ts';

const CONTRACT = 'ab'.repeat(32);
const execute = { jsonrpc: '2.0', id: 1, method: 'vm_execute', params: { contract: CONTRACT } };

/** The parts of an answer that tell one from another. */
function brief(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(brief);
  const { id, result, error } = answer as {
    id: unknown;
    result?: unknown;
    error?: { code: number; message: string };
  };
  return error === undefined
    ? { id, ok: result !== undefined }
    : { id, code: error.code, message: error.message };
}

describe('a single request', () => {
  test('is answered with the text of the result, spliced in as it is', async () => {
    const service = new FakeService(() => ({ ...ok('vm_execute'), json: '{ "gas" : 1.0,  "é":"\\u00e9" }' }));
    const { app } = await createTestServer({}, service);
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const response = await app.inject({
      method: 'POST',
      url: '/',
      headers,
      payload: JSON.stringify(execute),
    });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.body).toBe('{"jsonrpc":"2.0","id":1,"result":{ "gas" : 1.0,  "é":"\\u00e9" }}');
    expect(service.asked).toEqual([
      { jobs: [{ method: 'vm_execute', params: { contract: CONTRACT } }], client: '127.0.0.1' },
    ]);
  });

  test.each([
    ['1', 1],
    ['-5', -5],
    ['9007199254740991', 9007199254740991],
    ['1.5', 1.5],
    ['"a\\"\\n\\u2028"', 'a"\n\u2028'],
    ['""', ''],
    ['null', null],
  ])('has its id %s repeated', async (text, id) => {
    const server = await createTestServer();
    const payload = `{"jsonrpc":"2.0","id":${text},"method":"vm_engines"}`;
    expect(brief(await server.rpc(payload))).toEqual({ id, ok: true });
  });

  test.each([
    ['9007199254740993', 'number 9007199254740992'],
    ['1e400', 'number Infinity'],
    ['true', 'boolean true'],
    ['{}', 'an object'],
    ['[1]', 'an array of 1'],
  ])('whose id %s could not be repeated is refused', async (text, found) => {
    const server = await createTestServer();
    const payload = `{"jsonrpc":"2.0","id":${text},"method":"vm_engines"}`;
    const message = `id: expected a string, an integer that is exact (up to 2^53 − 1) or null, found ${found}.`;
    expect(brief(await server.rpc(payload))).toEqual({ id: null, code: -32600, message });
  });

  test.each([
    ['by name', { contract: CONTRACT }],
    ['by position', [{ contract: CONTRACT }]],
  ])('takes params %s', async (_how, params) => {
    const server = await createTestServer();
    expect(brief(await server.rpc({ ...execute, params }))).toEqual({ id: 1, ok: true });
    expect(server.service.asked[0]!.jobs).toEqual([{ method: 'vm_execute', params: { contract: CONTRACT } }]);
  });

  test.each([undefined, {}, [], [{}]])('of vm_engines takes params %j', async (params) => {
    const server = await createTestServer();
    expect(brief(await server.rpc({ jsonrpc: '2.0', id: 1, method: 'vm_engines', params }))).toEqual({
      id: 1,
      ok: true,
    });
  });

  test.each<[string, unknown, number, string]>([
    ['text', '{"jsonrpc":', -32700, 'the body: expected JSON, found none: Unexpected end of JSON input.'],
    ['a key twice', '{"id":1,"id":2}', -32700, 'the body: the key "id" stands twice in one object.'],
    ['a number', 5, -32600, 'the request: expected an object, found number 5.'],
    ['null', null, -32600, 'the request: expected an object, found null.'],
    ['no version', { id: 1, method: 'vm_engines' }, -32600, 'jsonrpc: expected "2.0", found nothing.'],
    ['another version', { ...execute, jsonrpc: '1.0' }, -32600, 'jsonrpc: expected "2.0", found "1.0".'],
    ['no method', { jsonrpc: '2.0', id: 1 }, -32600, 'method: expected a string, found nothing.'],
    [
      'params of no kind',
      { ...execute, params: 'x' },
      -32600,
      'params: expected an object or an array, found "x".',
    ],
    [
      'an unknown method',
      { ...execute, method: 'vm_exekute' },
      -32601,
      'method: there is no "vm_exekute"; did you mean "vm_execute"?',
    ],
    [
      'a method of objects',
      { ...execute, method: 'toString' },
      -32601,
      'method: there is no "toString"; expected one of vm_estimateGas, vm_execute, vm_call, vm_trace, vm_validateCode, vm_engines.',
    ],
    [
      'params by two positions',
      { ...execute, params: [{}, {}] },
      -32602,
      'params: expected one object by position, found an array of 2.',
    ],
    [
      'no target',
      { ...execute, params: {} },
      -32602,
      'params: give exactly one of contract, code and deploy.',
    ],
    [
      'an unknown key',
      { ...execute, params: { contract: CONTRACT, form: CONTRACT } },
      -32602,
      'params.form: unknown key, did you mean "from"?',
    ],
    [
      'a wrong type',
      { ...execute, params: { contract: CONTRACT, static: 1 } },
      -32602,
      'params.static: expected a boolean, found number 1.',
    ],
    [
      'a wrong field far inside',
      { ...execute, params: { contract: CONTRACT, state: { [`0x${CONTRACT}`]: { balance: -1 } } } },
      -32602,
      `params.state["0x${CONTRACT}"].balance: expected an integer from 0 to 2^64 − 1 (a number up to 2^53 − 1, or decimal digits in a string), found number -1.`,
    ],
    [
      'a wrong key',
      { ...execute, params: { contract: CONTRACT, state: { zz: {} } } },
      -32602,
      'params.state: as a key, expected 32 bytes as 64 hexadecimal digits, found "zz".',
    ],
    [
      'two problems',
      { ...execute, params: { contract: 'ab', from: 'cd' } },
      -32602,
      'params.contract: expected 32 bytes as 64 hexadecimal digits, found "ab". (and 1 more)',
    ],
    [
      'a huge number',
      `{"jsonrpc":"2.0","id":1,"method":"vm_execute","params":{"contract":"${CONTRACT}","value":1e400}}`,
      -32602,
      'params.value: expected an integer from 0 to 2^64 − 1 (a number up to 2^53 − 1, or decimal digits in a string), found number Infinity.',
    ],
  ])('of %s is refused', async (_what, payload, code, message) => {
    const server = await createTestServer();
    const id =
      code === -32601 || code === -32602 || (payload as { id?: unknown } | null)?.id === 1 ? 1 : null;
    const answer = (await server.rpc(payload)) as { error: { data: Record<string, unknown> } };
    expect(brief(answer)).toEqual({ id, code, message });
    expect(answer.error.data).toMatchObject({
      code: 'REQUEST_INVALID',
      message,
      kind: 'request',
      retryable: false,
    });
    expect(server.service.asked).toEqual([]);
  });

  test.each([
    [failed('OUT_OF_GAS', 'No.'), 3, { kind: 'contract', retryable: false }],
    [failed('ENGINE_UNKNOWN', 'No.'), -32602, { kind: 'request', retryable: false }],
    [failed('TIME_LIMIT_EXCEEDED', 'No.'), -32005, { kind: 'limit', retryable: false }],
    [failed('QUEUE_FULL', 'No.', 2), -32005, { kind: 'full', retryable: true, retryAfterSeconds: 2 }],
    [failed('STATE_UNAVAILABLE', 'No.', 1), -32000, { kind: 'state', retryable: true, retryAfterSeconds: 1 }],
    [failed('SERVICE_STOPPING', 'No.'), -32000, { kind: 'stopping', retryable: true }],
    [failed('INTERNAL', 'No.'), -32603, { kind: 'internal', retryable: false }],
  ])('that fails has the code of its fault %#', async (answer, code, data) => {
    const server = await createTestServer({}, new FakeService(() => answer));
    const fault = JSON.parse(answer.json) as object;
    expect(await server.rpc(execute)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code, message: 'No.', data: { ...fault, ...data } },
    });
  });

  test('of a service that throws is an internal error, which only the log explains', async () => {
    const service = new FakeService(() => {
      throw new Error('secret of the house');
    });
    const server = await createTestServer({}, service);
    const answer = await server.rpc(execute);
    expect(brief(answer)).toEqual({
      id: 1,
      code: -32603,
      message: 'The service failed to answer; its log has more under the id of this request.',
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(server.logText()).toContain('secret of the house');
  });
});

describe('a batch', () => {
  test('is answered in its order, whatever is wrong with some of it, by one run of the service', async () => {
    const server = await createTestServer();
    const payload = [
      { ...execute, id: 'a' },
      5,
      { jsonrpc: '2.0', method: 'vm_engines' },
      { ...execute, id: 'b', params: {} },
      { jsonrpc: '2.0', id: 'c', method: 'nothing' },
      { jsonrpc: '2.0', id: 'd', method: 'vm_engines' },
    ];
    expect(
      (brief(await server.rpc(payload)) as { id: unknown; code?: number }[]).map(({ id, code }) => [
        id,
        code,
      ]),
    ).toEqual([
      ['a', undefined],
      [null, -32600],
      ['b', -32602],
      ['c', -32601],
      ['d', undefined],
    ]);
    expect(server.service.asked.map(({ jobs }) => jobs.map(({ method }) => method))).toEqual([
      ['vm_execute', 'vm_engines'],
    ]);
  });

  test('of notifications alone is not answered, and nothing runs', async () => {
    const { app, service } = await createTestServer();
    const notification = { jsonrpc: '2.0', method: 'vm_execute', params: { contract: CONTRACT } };
    const headers = { 'content-type': 'application/json' };
    for (const payload of [
      notification,
      [notification, { ...notification, params: {} }, { ...notification, method: 'x' }],
    ]) {
      const response = await app.inject({
        method: 'POST',
        url: '/rpc',
        headers,
        payload: JSON.stringify(payload),
      });
      expect([response.statusCode, response.body]).toEqual([204, '']);
    }
    expect(service.asked).toEqual([]);
  });

  test('of none or of too many is refused as a whole', async () => {
    const server = await createTestServer({ limits: { batch: 2 } });
    const message = (found: number) =>
      `the batch: expected 1 to 2 requests (estimator.limits.batch), found ${found}.`;
    expect(brief(await server.rpc([]))).toEqual({ id: null, code: -32600, message: message(0) });
    expect(brief(await server.rpc([execute, execute, execute]))).toEqual({
      id: null,
      code: -32600,
      message: message(3),
    });
    expect(server.service.asked).toEqual([]);
  });

  test('whose answers are too long together gets errors for those that do not fit', async () => {
    const service = new FakeService((job) => ({ ...ok(job.method), json: `"${'x'.repeat(800)}"` }));
    const server = await createTestServer({ limits: { responseBytes: 2400 } }, service);
    const answer = await server.rpc([
      { ...execute, id: 1 },
      { ...execute, id: 2 },
      { ...execute, id: 3 },
    ]);
    const message = 'The answers of the batch are longer than 2400 bytes together.';
    expect(brief(answer)).toEqual([
      { id: 1, ok: true },
      { id: 2, ok: true },
      { id: 3, code: -32005, message },
    ]);
  });
});

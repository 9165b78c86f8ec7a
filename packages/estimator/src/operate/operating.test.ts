import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTestServer } from '../test-support/create-test-server.fixture.ts';
import { FakeService, failed, ok } from '../test-support/fake-service.fixture.ts';
import { createLog } from './request-log.ts';

const CONTRACT = 'ab'.repeat(32);
const execute = { jsonrpc: '2.0', id: 1, method: 'vm_execute', params: { contract: CONTRACT } };

describe('the log', () => {
  test('has one line a request, with methods, status, time, client and bytes', async () => {
    const server = await createTestServer();
    const headers = { 'x-request-id': 'trace-7:a' };
    const single = await server.app.inject({
      method: 'POST',
      url: '/rpc?debug=1',
      headers,
      payload: execute,
    });
    await server.rpc([execute, execute, { ...execute, method: 'vm_engines', params: {} }, 5]);
    await server.app.inject({ method: 'POST', url: '/v1/execute', payload: {} });
    await server.app.inject('/nothing');
    const lines = server.log.map(({ time, ms, ...line }) => ({
      ...line,
      isTimed: typeof time === 'number' && typeof ms === 'number',
    }));
    const line = { level: 30, isTimed: true, msg: 'request' };
    const client = '127.0.0.1';
    expect(lines).toEqual([
      {
        ...line,
        id: 'trace-7:a',
        method: 'POST',
        path: '/rpc',
        calls: 'vm_execute',
        status: 200,
        client,
        bytes: single.body.length,
      },
      {
        ...line,
        id: expect.any(String),
        method: 'POST',
        path: '/rpc',
        calls: 'vm_execute×2 vm_engines ?',
        status: 200,
        client,
        bytes: expect.any(Number),
      },
      {
        ...line,
        id: expect.any(String),
        method: 'POST',
        path: '/v1/execute',
        calls: 'vm_execute',
        status: 400,
        client,
        bytes: expect.any(Number),
      },
      {
        ...line,
        id: expect.any(String),
        method: 'GET',
        path: '/nothing',
        status: 404,
        bytes: expect.any(Number),
      },
    ]);
  });

  test('has neither bodies nor keys, in whatever is logged', async () => {
    const service = new FakeService(() => {
      throw Object.assign(new Error('broken'), { headers: { authorization: 'Bearer S3CRET' } });
    });
    const server = await createTestServer({}, service);
    const headers = { authorization: 'Bearer S3CRET', 'x-api-key': 'S3CRET', cookie: 'S3CRET' };
    const payload = { contract: CONTRACT, args: ['string:S3CRET'] };
    const url = '/v1/execute?key=S3CRET';
    expect((await server.app.inject({ method: 'POST', url, headers, payload })).statusCode).toBe(500);
    expect(server.logText()).toContain('broken');
    expect(server.logText()).not.toContain('S3CRET');
  });

  test('redacts what a careless line of ours would show', () => {
    let text = '';
    const { logger } = createLog(
      { level: 'info', file: undefined },
      {
        write: (line: string) => {
          text += line;
        },
      },
    );
    const headers = { authorization: 'S3CRET', 'x-api-key': 'S3CRET' };
    logger.info(
      { headers, req: { headers, body: 'S3CRET' }, authorization: 'S3CRET', key: 'S3CRET', body: 'S3CRET' },
      'line',
    );
    expect(text).toContain('"msg":"line"');
    expect(text).not.toContain('S3CRET');
  });

  test('takes the id that a client sends only if it is sane, and repeats it in the answer', async () => {
    const { app } = await createTestServer();
    const idOf = async (id: string) =>
      (await app.inject({ url: '/health', headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await idOf('abc-1.2:3')).toBe('abc-1.2:3');
    for (const id of ['', 'a b', 'a"b', 'ä', 'x'.repeat(129)]) {
      expect(await idOf(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
  });

  test.each([
    ['info', 1],
    ['warn', 0],
    ['silent', 0],
  ])('at level %s has %i lines of a request that went well', async (level, count) => {
    const server = await createTestServer({ log: { level } });
    await server.app.inject('/health');
    expect(server.log.length).toBe(count);
  });

  test('goes to a file, whose folder is made, whole when the server is closed', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'switchyard-log-')), 'logs/estimator.log');
    const log = createLog({ level: 'info', file });
    log.logger.info('first');
    log.logger.info('second');
    await log.close();
    expect(
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
    ).toEqual(['first', 'second']);
  });

  test('into a file that cannot be written is a mistake of the configuration', () => {
    expect(() => createLog({ level: 'info', file: '/dev/null/estimator.log' })).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(/^estimator\.log\.file: cannot write \/dev\/null\/estimator\.log: /),
      }),
    );
  });
});

describe('/health and /ready', () => {
  test('/health says version and uptime', async () => {
    const { app } = await createTestServer();
    const response = await app.inject('/health');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'ok', version: '0.1.0', uptimeSeconds: expect.any(Number) });
  });

  test('/ready is 200 while the service can answer, and 503 with the reason while not', async () => {
    const { app, service } = await createTestServer();
    const ready = await app.inject('/ready');
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      { ready: true, parts: { state: 'ok', workers: 'ok', server: 'ok' }, stateVersion: '7' },
    ]);
    service.readiness = {
      ready: false,
      parts: { state: 'the store is closed', workers: 'ok' },
      stateVersion: null,
    };
    const unready = await app.inject('/ready');
    expect([unready.statusCode, unready.json()]).toEqual([
      503,
      {
        ready: false,
        parts: { state: 'the store is closed', workers: 'ok', server: 'ok' },
        stateVersion: null,
      },
    ]);
  });
});

describe('/metrics', () => {
  /** Samples whose names begin with `switchyard_`, without histogram buckets. */
  async function samples(app: {
    inject(url: string): Promise<{ body: string }>;
  }): Promise<readonly string[]> {
    const { body } = await app.inject('/metrics');
    return body.split('\n').filter((line) => line.startsWith('switchyard_') && !line.includes('_bucket{'));
  }

  test('count calls, runs, cached answers and responses, and show the service’s numbers', async () => {
    const answers = {
      vm_execute: ok('vm_execute', { gasUsed: 1000n, milliseconds: 4 }),
      vm_estimateGas: ok('vm_estimateGas', { isCached: true }),
      vm_validateCode: failed('TIME_LIMIT_EXCEEDED', 'No.'),
    };
    const service = new FakeService((job) => answers[job.method as keyof typeof answers]);
    const server = await createTestServer({}, service);
    await server.rpc([
      execute,
      execute,
      { ...execute, method: 'vm_estimateGas' },
      { ...execute, method: 'nothing' },
    ]);
    await server.app.inject({ method: 'POST', url: '/v1/validate-code', payload: { code: '00' } });
    await server.app.inject({ method: 'POST', url: '/v1/execute', payload: {} });
    expect(await samples(server.app)).toEqual([
      'switchyard_calls_total{method="vm_execute",outcome="ok"} 2',
      'switchyard_calls_total{method="vm_estimateGas",outcome="ok"} 1',
      'switchyard_calls_total{method="unknown",outcome="request"} 1',
      'switchyard_calls_total{method="vm_validateCode",outcome="limit"} 1',
      'switchyard_calls_total{method="vm_execute",outcome="request"} 1',
      'switchyard_http_responses_total{status="200"} 1',
      'switchyard_http_responses_total{status="422"} 1',
      'switchyard_http_responses_total{status="400"} 1',
      'switchyard_runs_total{engine="tbpf",tier="compiled",status="success"} 2',
      'switchyard_runs_total{engine="tbpf",tier="compiled",status="failed"} 1',
      'switchyard_cached_answers_total{method="vm_estimateGas"} 1',
      'switchyard_run_gas_sum{engine="tbpf"} 2000',
      'switchyard_run_gas_count{engine="tbpf"} 2',
      'switchyard_run_seconds_sum{engine="tbpf"} 0.01',
      'switchyard_run_seconds_count{engine="tbpf"} 3',
      'switchyard_jobs_queued 3',
      'switchyard_jobs_running 1',
      'switchyard_workers 2',
      'switchyard_cache_entries 5',
      'switchyard_cache_bytes 600',
      'switchyard_workers_replaced_total{reason="time"} 4',
      'switchyard_workers_replaced_total{reason="memory"} 0',
      'switchyard_workers_replaced_total{reason="crash"} 1',
      'switchyard_state_version 7',
      'switchyard_info{version="0.1.0"} 1',
    ]);
  });

  test('are text for Prometheus, with the numbers of the process', async () => {
    const { app } = await createTestServer();
    const response = await app.inject('/metrics');
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(response.body).toContain('\nprocess_resident_memory_bytes ');
    expect(response.body).toContain('\nnodejs_eventloop_lag_seconds ');
  });

  test('are not there where the configuration turns them off', async () => {
    const { app } = await createTestServer({ metrics: { enabled: false } });
    expect((await app.inject('/metrics')).statusCode).toBe(404);
  });
});

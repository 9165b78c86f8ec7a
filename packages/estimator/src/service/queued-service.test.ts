import { VmError } from '@switchyard/core';
import type { StateVersionReader } from '@switchyard/state';
import { describe, expect, test, vi } from 'vitest';
import type { RunAnswer } from '../run/run-job.ts';
import { toColumns } from './answer-columns.ts';
import { QueuedService } from './queued-service.ts';
import type { Answer, Job } from './service.ts';
import type { PoolResult, TaskPool } from './worker-pool.ts';

const ADDRESS = 'ab'.repeat(32);

function jobAt(entry: number): Job {
  return { method: 'vm_estimateGas', params: { contract: ADDRESS, entry } };
}

function answerTo(text: string, milliseconds = 1): RunAnswer {
  const { params } = JSON.parse(text) as { params: { entry: number } };
  const facts = {
    engine: 'tbpf',
    tier: 'interpreter',
    status: 'success',
    gasUsed: 1n,
    isCached: false,
  } as const;
  return { ok: true, json: `${params.entry}`, stateVersion: 1n, facts: { ...facts, milliseconds } };
}

/** Holds tasks until the test lets them go. */
class HeldPool implements TaskPool {
  readonly size: number;
  readonly replaced = { time: 0, memory: 0, crash: 0 };
  readonly tasks: { readonly jobs: readonly string[]; readonly end: (result: PoolResult) => void }[] = [];
  isClosed = false;

  constructor(size = 1) {
    this.size = size;
  }

  run(jobs: readonly string[]): Promise<PoolResult> {
    return new Promise((end) => this.tasks.push({ jobs, end }));
  }

  /** Answers the first `count` jobs of the oldest task. */
  async finish(count = Number.POSITIVE_INFINITY): Promise<void> {
    const { jobs, end } = this.tasks.shift()!;
    end({ kind: 'done', result: { answers: toColumns(jobs.slice(0, count).map((text) => answerTo(text))) } });
    await turn();
  }

  async lose(reason: 'time' | 'memory' | 'crash', at: number): Promise<void> {
    this.tasks.shift()!.end({ kind: 'lost', reason, at });
    await turn();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** Lets what was settled go on, and work that is due be given out. */
async function turn(): Promise<void> {
  for (let index = 0; index < 2; index++) await new Promise((resolve) => setImmediate(resolve));
}

class Versions implements StateVersionReader {
  version: bigint | VmError = 1n;
  read(): bigint {
    if (typeof this.version !== 'bigint') throw this.version;
    return this.version;
  }
  async close(): Promise<void> {}
}

function serviceOver(
  pool: TaskPool,
  options: { cache?: number; queue?: number; perClient?: number; responseBytes?: number } = {},
) {
  const versions = new Versions();
  const service = new QueuedService(pool, versions, options.cache ?? 0, {
    queue: options.queue ?? 100,
    queuePerClient: options.perClient ?? 100,
    responseBytes: options.responseBytes ?? 1_000_000,
    timeMs: 1000,
    heapMb: 256,
  });
  return { service, versions };
}

const jsonOf = (answers: readonly Answer[]) => answers.map(({ json }) => json);
const codesOf = (answers: readonly Answer[]) => answers.map((answer) => (answer.ok ? 'ok' : answer.code));

describe('a service', () => {
  test('answers jobs in their order, however they were run', async () => {
    const pool = new HeldPool();
    const { service } = serviceOver(pool);
    const answers = service.run([jobAt(1), jobAt(2), jobAt(3)], 'alice');
    await turn();
    // The worker has answered one job when its time is over; the others go out again.
    while (pool.tasks.length > 0) await pool.finish(1);
    expect(jsonOf(await answers)).toEqual(['1', '2', '3']);
    expect(service.status()).toMatchObject({ queued: 0, running: 0, workers: 1 });
  });

  test('gives free workers work, and gathers what comes meanwhile', async () => {
    const pool = new HeldPool(2);
    const { service } = serviceOver(pool);
    // Five requests that arrive together: as much of them as a task holds goes to each worker.
    const first = [1, 2, 3, 4, 5].map((entry) => service.run([jobAt(entry)], 'alice'));
    await turn();
    expect(pool.tasks.map(({ jobs }) => jobs.length)).toEqual([2, 2]);
    const second = [6, 7].map((entry) => service.run([jobAt(entry)], 'alice'));
    await turn();
    expect(service.status()).toMatchObject({ queued: 3, running: 4 });
    await pool.finish();
    expect(pool.tasks.map(({ jobs }) => jobs.length)).toEqual([2, 2]);
    while (pool.tasks.length > 0) await pool.finish();
    const answers = await Promise.all([...first, ...second]);
    expect(answers.flatMap(jsonOf)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  test('answers the same request on the same state from its cache, and asks again when the state changed', async () => {
    const pool = new HeldPool();
    const { service, versions } = serviceOver(pool, { cache: 1_000_000 });
    const first = service.run([jobAt(1)], 'alice');
    // The same again, before there is an answer.
    const second = service.run([jobAt(1)], 'bob');
    await turn();
    expect(pool.tasks).toHaveLength(1);
    await pool.finish();
    expect((await first)[0]!.facts.isCached).toBe(false);
    expect((await second)[0]!).toMatchObject({ json: '1', facts: { isCached: true, milliseconds: 0 } });
    expect(jsonOf(await service.run([jobAt(1)], 'alice'))).toEqual(['1']);
    expect(pool.tasks).toHaveLength(0);
    expect(service.status().cache.entries).toBe(1);
    await turn();
    versions.version = 2n;
    const third = service.run([jobAt(1)], 'alice');
    await turn();
    expect(pool.tasks).toHaveLength(1);
    await pool.finish();
    await third;
    // The worker read version 1, which is not what was asked for: nothing is kept under version 2.
    expect(service.status().cache.entries).toBe(1);
  });

  test('refuses what finds no room, for all and for one client, and says when to ask again', async () => {
    const pool = new HeldPool();
    const { service } = serviceOver(pool, { queue: 3, perClient: 2 });
    const running = service.run([jobAt(0)], 'alice');
    await turn();
    const alice = service.run([jobAt(1), jobAt(2), jobAt(6)], 'alice');
    const bob = service.run([jobAt(3), jobAt(4), jobAt(5)], 'bob');
    await turn();
    while (pool.tasks.length > 0) await pool.finish();
    expect(codesOf(await running)).toEqual(['ok']);
    expect(codesOf(await alice)).toEqual(['ok', 'ok', 'RATE_LIMITED']);
    expect(codesOf(await bob)).toEqual(['ok', 'QUEUE_FULL', 'QUEUE_FULL']);
    expect((await alice)[2]).toMatchObject({
      retryAfterSeconds: 1,
      message: '2 requests of this client wait already.',
    });
  });

  test.each([
    ['time', 'TIME_LIMIT_EXCEEDED', 'the request took more than 1000 ms.'],
    ['memory', 'MEMORY_LIMIT_EXCEEDED', 'the request needed more than 256 MiB.'],
    ['crash', 'INTERNAL', 'the worker that ran the request has crashed.'],
  ] as const)(
    'tells the job that lost its worker (%s), and runs the others',
    async (reason, code, message) => {
      const pool = new HeldPool();
      const { service } = serviceOver(pool);
      const warm = service.run([jobAt(0)], 'alice');
      await turn();
      const answers = service.run([jobAt(1), jobAt(2), jobAt(3)], 'alice');
      await pool.finish();
      await warm;
      expect(pool.tasks[0]!.jobs).toHaveLength(2);
      await pool.lose(reason, 1);
      while (pool.tasks.length > 0) await pool.finish();
      expect(codesOf(await answers)).toEqual(['ok', code, 'ok']);
      expect((await answers)[1]).toMatchObject({ message });
    },
  );

  test('holds no more of the answers of a run than may be sent together', async () => {
    const pool = new HeldPool();
    const { service } = serviceOver(pool, { responseBytes: 4 });
    const answers = service.run([jobAt(1), jobAt(2), jobAt(300)], 'alice');
    await turn();
    while (pool.tasks.length > 0) await pool.finish();
    expect(codesOf(await answers)).toEqual(['ok', 'ok', 'RESPONSE_TOO_LARGE']);
  });

  test('says that the state is unavailable, as long as it is', async () => {
    const pool = new HeldPool();
    const { service, versions } = serviceOver(pool);
    const told: string[] = [];
    service.onTrouble = ({ message }) => void told.push(message);
    versions.version = new VmError('STATE_UNAVAILABLE', 'the store at /srv/chain is gone.');
    expect(await service.run([jobAt(1)], 'alice')).toMatchObject([
      {
        ok: false,
        code: 'STATE_UNAVAILABLE',
        message: 'the state cannot be read now.',
        retryAfterSeconds: 1,
      },
    ]);
    expect(await service.ready()).toEqual({
      ready: false,
      parts: { state: 'the state cannot be read now.', workers: 'ok' },
      stateVersion: null,
    });
    expect(told).toEqual(['the store at /srv/chain is gone.', 'the store at /srv/chain is gone.']);
    versions.version = 7n;
    expect(await service.ready()).toMatchObject({ ready: true, stateVersion: 7n });
  });

  test('tells every job of a task what keeps its worker from opening', async () => {
    const pool = new HeldPool();
    const { service } = serviceOver(pool);
    const answers = service.run([jobAt(1)], 'alice');
    await turn();
    const failure = { code: 'STATE_UNAVAILABLE', message: 'no store.', hint: 'Make one.' };
    pool.tasks.shift()!.end({ kind: 'done', result: { failure } });
    expect(await answers).toMatchObject([{ ok: false, code: 'STATE_UNAVAILABLE', message: 'no store.' }]);
  });

  test('answers what it has before it closes, and takes nothing new', async () => {
    const pool = new HeldPool();
    const { service } = serviceOver(pool);
    const answers = service.run([jobAt(1), jobAt(2)], 'alice');
    await turn();
    const closed = service.close();
    expect(codesOf(await service.run([jobAt(3)], 'alice'))).toEqual(['SERVICE_STOPPING']);
    expect((await service.ready()).ready).toBe(false);
    while (pool.tasks.length > 0) {
      expect(pool.isClosed).toBe(false);
      await pool.finish();
    }
    await closed;
    expect(codesOf(await answers)).toEqual(['ok', 'ok']);
    expect(pool.isClosed).toBe(true);
  });

  test('gives cheap work to the reserve while all workers have long been at something dear, and no dear work', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const pool = new HeldPool();
      const { service } = serviceOver(pool);
      const dear = service.run([jobAt(1)], 'mallory');
      await turn();
      // 1 MiB of code that nobody knows.
      const unknown: Job = { method: 'vm_validateCode', params: { code: 'ab'.repeat(1_048_576) } };
      const large = service.run([unknown], 'mallory');
      await turn();
      vi.advanceTimersByTime(1000);
      expect(pool.tasks).toHaveLength(1);
      const cheap = service.run([jobAt(2)], 'alice');
      await turn();
      expect(pool.tasks.map(({ jobs }) => jobs.length)).toEqual([1, 1]);
      const more = service.run([jobAt(3)], 'alice');
      await turn();
      vi.advanceTimersByTime(1000);
      expect(pool.tasks).toHaveLength(2);
      while (pool.tasks.length > 0) await pool.finish();
      for (const answers of [dear, large, cheap, more]) expect((await answers)[0]!.ok).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});

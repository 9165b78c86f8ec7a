import { fileURLToPath } from 'node:url';
import { LegacyTools } from '@switchyard/legacy';
import { TbpfTools } from '@switchyard/tbpf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveEstimator } from '../support/serve.ts';

const COUNTER = fileURLToPath(new URL('../../fixtures/contracts/counter/counter.so', import.meta.url));
const LOOP = new TbpfTools().assemble('again:\n  ja again', { version: 'v0' });
const HOARD = new LegacyTools().assemble(`
.entry #hoard
#hoard
  CONSTANT "apples"
  NEWOBJECT 1
  MEMORYSET 0
:again
  MEMORYLOAD 0
  CONSTANT "more of them"
  SYSCALL array.push
  JUMP :again
`);

/** So much that gas ends nothing. */
const GAS = '1000000000000000';

describe('a job that gas does not end in time', () => {
  let served: Awaited<ReturnType<typeof serveEstimator>>;

  beforeAll(async () => {
    served = await serveEstimator({
      config: {
        gas: { maxLimit: GAS },
        // Memory that costs nothing and is not bounded by the engine: the worker's own bound is left.
        engines: { legacy: { options: { memoryPrice: 0, memoryLimitBytes: 4_294_967_295 } } },
        estimator: { log: { level: 'silent' }, limits: { timeMs: 5000, heapMb: 64 } },
      },
      deploy: [COUNTER],
    });
  });
  afterAll(async () => {
    expect(await served?.stop()).toBe(0);
  });

  async function ask(path: string, params: object) {
    const response = await fetch(`${served.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    const { error, ...result } = (await response.json()) as { error?: { code: string }; gasLimit?: string };
    return { status: response.status, code: error?.code, gasLimit: result.gasLimit };
  }
  const increment = () => ask('/v1/estimate-gas', { contract: served.contracts[0], entry: 0 });
  async function replaced(reason: string): Promise<string | undefined> {
    const text = await (await fetch(`${served.url}/metrics`)).text();
    return new RegExp(`workers_replaced_total\\{reason="${reason}"\\} (\\d+)`).exec(text)?.[1];
  }

  test('loses its worker when it needs more memory, and is told; others are answered meanwhile and after', async () => {
    const code = Buffer.from(HOARD).toString('hex');
    const [hoard, other] = await Promise.all([
      ask('/v1/execute', { code, entry: 0, gasLimit: GAS }),
      increment(),
    ]);
    expect(hoard).toMatchObject({ status: 422, code: 'MEMORY_LIMIT_EXCEEDED' });
    expect(other).toMatchObject({ status: 200, gasLimit: '869' });
    expect(await replaced('memory')).toBe('1');
    expect(await increment()).toMatchObject({ status: 200, gasLimit: '869' });
  });

  test('loses its worker when it takes more time, and is told; others are answered meanwhile and after', async () => {
    const code = Buffer.from(LOOP).toString('hex');
    const [loop, other] = await Promise.all([ask('/v1/estimate-gas', { code }), increment()]);
    expect(loop).toMatchObject({ status: 422, code: 'TIME_LIMIT_EXCEEDED' });
    expect(other).toMatchObject({ status: 200, gasLimit: '869' });
    expect(await replaced('time')).toBe('1');
    expect(await increment()).toMatchObject({ status: 200, gasLimit: '869' });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { serveEstimator } from '../support/serve.ts';

/*
 * What the estimation service does in a second, beside a server of node:http that answers a constant. Load generator, server and workers
 * share the machine.
 */

/** What was asked of a server. */
export interface LoadMeasurement {
  readonly name: string;
  /** Estimates, or answers, a second: median of the rounds. */
  readonly perSecond: number;
  /** Of the bare server's answers a second. */
  readonly ratio: number;
  /** Milliseconds until the answer, of the worst round. */
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
}

/** What a long run found. */
export interface SoakMeasurement {
  readonly seconds: number;
  readonly perSecond: number;
  /** Resident memory of the service in MiB, in the course of the run. */
  readonly memoryMiB: readonly number[];
  readonly errors: number;
}

interface Load {
  readonly name: string;
  readonly url: string;
  readonly body: string;
  /** Estimates in a request. */
  readonly size: number;
  readonly connections: number;
}

const COUNTER = fileURLToPath(new URL('../../fixtures/contracts/counter/counter.so', import.meta.url));
const BATCH = 100;

/** Rounds of each load, one load after the other, so that what the machine does otherwise meets all alike. */
export async function benchEstimator(
  rounds: number,
  seconds: number,
  onResult: (result: LoadMeasurement) => void,
): Promise<readonly LoadMeasurement[]> {
  const started: { stop(): unknown }[] = [];
  const serve = async (cacheBytes: number) => {
    const estimator = { log: { level: 'silent' }, cache: { bytes: cacheBytes } };
    const served = await serveEstimator({ config: { estimator }, deploy: [COUNTER] });
    started.push(served);
    return served;
  };
  try {
    const cached = await serve(67_108_864);
    const uncached = await serve(0);
    const contract = cached.contracts[0]!;
    const bare = await startBare(await sampleAnswer(cached.url, contract));
    started.push({ stop: () => bare.process.kill() });
    const single = JSON.stringify(estimateOf(contract, 1));
    const batch = JSON.stringify(
      Array.from({ length: BATCH }, (_, index) => estimateOf(contract, index + 1)),
    );
    const loads: readonly Load[] = [
      { name: 'bare node:http', url: bare.url, body: single, size: 1, connections: 20 },
      { name: 'estimates, uncached', url: uncached.url, body: single, size: 1, connections: 20 },
      { name: 'estimates, cached', url: cached.url, body: single, size: 1, connections: 20 },
      { name: `batches of ${BATCH}, uncached`, url: uncached.url, body: batch, size: BATCH, connections: 4 },
    ];
    for (const load of loads) await shoot(load, 2);
    const rows = new Map<string, Round[]>();
    for (let round = 0; round < rounds; round++) {
      for (const load of loads) {
        const list = rows.get(load.name) ?? [];
        list.push(await shoot(load, seconds));
        rows.set(load.name, list);
      }
    }
    const bareRate = median(rows.get(loads[0]!.name)!.map(({ perSecond }) => perSecond));
    return loads.map(({ name }) => {
      const list = rows.get(name)!;
      const perSecond = median(list.map((each) => each.perSecond));
      const result = {
        name,
        perSecond: Math.round(perSecond),
        ratio: perSecond / bareRate,
        p50: Math.max(...list.map(({ p50 }) => p50)),
        p99: Math.max(...list.map(({ p99 }) => p99)),
        errors: list.reduce((sum, { errors }) => sum + errors, 0),
      };
      onResult(result);
      return result;
    });
  } finally {
    for (const each of started) await each.stop();
  }
}

/** Load for minutes, of single requests that are run and others that are cached, and the memory of the service meanwhile. */
export async function soakEstimator(
  seconds: number,
  onMemory: (second: number, mebibytes: number) => void,
): Promise<SoakMeasurement> {
  const served = await serveEstimator({
    config: { estimator: { log: { level: 'silent' } } },
    deploy: [COUNTER],
  });
  const contract = served.contracts[0]!;
  const memoryMiB: number[] = [];
  const started = performance.now();
  const watch = setInterval(async () => {
    const mebibytes = await memoryOf(served.url);
    memoryMiB.push(mebibytes);
    onMemory(Math.round((performance.now() - started) / 1000), mebibytes);
  }, 10_000);
  try {
    let value = 0;
    const result = await autocannon({
      url: `${served.url}/rpc`,
      duration: seconds,
      connections: 20,
      requests: [
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          // Half of the requests are new.
          setupRequest: (request) => ({
            ...request,
            body: JSON.stringify(estimateOf(contract, value++ % 2 === 0 ? value : 1)),
          }),
        },
      ],
    });
    return {
      seconds,
      perSecond: Math.round(result.requests.average),
      memoryMiB,
      errors: result.errors + result.non2xx,
    };
  } finally {
    clearInterval(watch);
    await served.stop();
  }
}

/** A row of the table that people see. */
export function formatLoad({ name, perSecond, ratio, p50, p99, errors }: LoadMeasurement): string {
  return `${name.padEnd(26)} ${`${perSecond}`.padStart(8)}/s  ${ratio.toFixed(2)} of bare  p50 ${p50} ms  p99 ${p99} ms  ${errors} errors`;
}

/** Names the machine as far as it matters. */
export function machineText(): string {
  return `${availableParallelism()} cores shared with the load generator, Node ${process.versions.node}`;
}

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
}

async function shoot({ url, body, size, connections }: Load, seconds: number): Promise<Round> {
  const result = await autocannon({
    url: `${url}/rpc`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections,
    duration: seconds,
  });
  return {
    perSecond: result.requests.average * size,
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: result.errors + result.non2xx,
  };
}

function estimateOf(contract: string, by: number) {
  const params = { contract, entry: 0, args: [`u64:${by}`] };
  return { jsonrpc: '2.0', id: 1, method: 'vm_estimateGas', params };
}

/** What the service answers: the bare server answers the same bytes. Fails when it is no estimate. */
async function sampleAnswer(url: string, contract: string): Promise<string> {
  const response = await fetch(`${url}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(estimateOf(contract, 1)),
  });
  const text = await response.text();
  if (!text.includes('"gasLimit":"870"')) throw new Error(`the service does not estimate: ${text}`);
  return text;
}

async function startBare(answer: string): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const source = `
    const http = require('node:http');
    const answer = process.env.ANSWER;
    const server = http.createServer((request, response) => {
      request.on('data', () => {}).on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(answer);
      });
    });
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', source], {
    env: { ...process.env, ANSWER: answer },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) => {
    child.stdout.once('data', (text: Buffer) => resolve(`${text}`.trim()));
  });
  return { url: `http://127.0.0.1:${port}`, process: child };
}

async function memoryOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const bytes = /^(?:\w+_)?process_resident_memory_bytes(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1];
  return Math.round(Number(bytes) / 1_048_576);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

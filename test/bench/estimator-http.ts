import { createServer as createBareServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type EstimatorService, parseEstimatorConfig } from '@switchyard/estimator';
import autocannon from 'autocannon';

/*
 * What the network face of the estimation service costs: its answers a second on a service that answers at once, beside a bare node:http
 * server that takes the request and sends as many bytes. Both run in this process and are asked in turn, from another thread: `npm run bench:http -- [SECONDS]`.
 */

const seconds = Number(process.argv[2] ?? 1);
const ROUNDS = 9;
const JSON_TYPE = { 'content-type': 'application/json' };

const estimate = JSON.stringify({
  gasLimit: '1234',
  gasUsed: '1234',
  refund: '0',
  method: 'exact',
  runs: 2,
  margin: '0',
  exceedsLimit: false,
  breakdown: [{ kind: 'instructions', name: 'tbpf', gas: '1234', calls: 1 }],
  contract: 'ab'.repeat(32),
  engine: 'tbpf',
  version: '1.0.0',
  profile: 'tos',
  stateVersion: '7',
  height: '9',
});
const facts = {
  engine: 'tbpf',
  tier: 'compiled',
  status: 'success',
  gasUsed: 1234n,
  milliseconds: 0,
  isCached: true,
} as const;

const instant: EstimatorService = {
  run: (jobs) => Promise.resolve(jobs.map(() => ({ ok: true, json: estimate, stateVersion: 7n, facts }))),
  stateVersion: () => 7n,
  onTrouble: undefined,
  ready: () => Promise.resolve({ ready: true, parts: {}, stateVersion: 7n }),
  status: () => ({
    workers: 1,
    queued: 0,
    running: 0,
    replaced: { time: 0, memory: 0, crash: 0 },
    cache: { entries: 1, bytes: 1000 },
  }),
  close: () => Promise.resolve(),
};

const params = {
  contract: 'ab'.repeat(32),
  from: 'cd'.repeat(32),
  entry: 'entry_1',
  input: '0500000000000000',
  gasLimit: '200000',
};
const call = { jsonrpc: '2.0', id: 1, method: 'vm_estimateGas', params };

interface Question {
  readonly name: string;
  readonly path: string;
  readonly body: string;
}

const questions: readonly Question[] = [
  { name: 'JSON-RPC, single', path: '/rpc', body: JSON.stringify(call) },
  { name: 'REST', path: '/v1/estimate-gas', body: JSON.stringify(params) },
  { name: 'JSON-RPC, batch of 100', path: '/rpc', body: JSON.stringify(Array(100).fill(call)) },
];

const app = await createServer({
  service: instant,
  config: parseEstimatorConfig({ port: 0, log: { file: '/dev/null' } }, 'bench'),
  version: '0.0.0',
});
const address = await app.listen({ host: '127.0.0.1', port: 0 });
for (const { name, path, body } of questions) {
  const answer = await (
    await fetch(`${address}${path}`, { method: 'POST', headers: JSON_TYPE, body })
  ).text();
  const bare = await listenBare(answer);
  const rounds = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    rounds.bare.push(await measure(`http://127.0.0.1:${(bare.address() as AddressInfo).port}${path}`, body));
    rounds.ours.push(await measure(`${address}${path}`, body));
  }
  bare.close();
  const ratios = rounds.ours.map((rate, round) => rate / rounds.bare[round]!);
  const [ours, other] = [median(rounds.ours).toFixed(0), median(rounds.bare).toFixed(0)];
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  console.log(`${name}: ${ours}/s, bare ${other}/s, ratio ${median(ratios).toFixed(2)} (${spread})`);
}
await app.close();

function listenBare(answer: string): Promise<Server> {
  const headers = { ...JSON_TYPE, 'content-length': Buffer.byteLength(answer) };
  const server = createBareServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, headers).end(answer));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function measure(url: string, body: string): Promise<number> {
  const options = {
    url,
    method: 'POST',
    headers: JSON_TYPE,
    body,
    connections: 32,
    duration: seconds,
  } as const;
  const result = await autocannon(options);
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were refusals.`);
  return result.requests.average;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

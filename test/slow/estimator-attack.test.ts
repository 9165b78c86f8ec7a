import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LegacyTools } from '@switchyard/legacy';
import { TbpfTools } from '@switchyard/tbpf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedEstimator, serveEstimator } from '../support/serve.ts';

const file = (name: string) => fileURLToPath(new URL(`../../fixtures/contracts/${name}`, import.meta.url));
const tbpf = (source: string) =>
  Buffer.from(new TbpfTools().assemble(source, { version: 'v0' })).toString('hex');

const ELF_HEAD = '7f454c460201010000000000000000000300f700';

const LOOP = tbpf('again:\n  ja again');

const RECURSION = tbpf('  call function_f\n  exit\n  function_f:\n  call function_f\n  exit');

/** Writes 4,000 bytes under ever new keys, as long as the gas lasts. */
const STORAGE_BOMB = tbpf(`
  mov64 r6, 0
  again:
  add64 r6, 1
  stxdw [r10-8], r6
  mov64 r1, r10
  sub64 r1, 8
  mov64 r2, 8
  mov64 r3, r10
  sub64 r3, 4000
  mov64 r4, 4000
  syscall tos_storage_write
  ja again`);

/** A string that doubles. */
const STRING_BOMB = Buffer.from(
  new LegacyTools().assemble(`
.entry #bomb
#bomb
  CONSTANT "apples"
  MEMORYSET 0
:again
  MEMORYLOAD 0
  MEMORYLOAD 0
  ADD
  MEMORYSET 0
  JUMP :again
`),
).toString('hex');

/** 1 MiB that no engine knows, or that begins like an ELF file; different for each seed. */
function junk(seed: number, start = ''): string {
  const blocks: string[] = [start];
  let block = createHash('sha256').update(`${seed}`).digest();
  for (let bytes = start.length / 2; bytes < 1_048_576; bytes += 32) {
    block = createHash('sha256').update(block).digest();
    blocks.push(block.toString('hex'));
  }
  return blocks.join('').slice(0, 2_097_152);
}

/** Bodies of requests, and what each of them is answered with: the HTTP status, and a part of the text. */
interface Attack {
  readonly name: string;
  readonly bodies: readonly string[];
  readonly status: number;
  readonly part: string;
}

function rpc(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
}

const attack = (name: string, part: string, ...bodies: readonly string[]): Attack => ({
  name,
  bodies,
  status: 200,
  part,
});
const seeds = [1, 2, 3, 4];
const loop = rpc('vm_estimateGas', { code: LOOP });

const attacks: readonly Attack[] = [
  attack('an endless loop', '"code":"OUT_OF_GAS"', loop),
  attack(
    'an endless loop that is traced',
    '"isCut":true',
    rpc('vm_trace', { code: LOOP, format: 'events', steps: true, limit: 1000 }),
  ),
  attack(
    'storage that grows',
    '"status":"failed"',
    rpc('vm_execute', { code: STORAGE_BOMB, gasLimit: 1_400_000 }),
  ),
  attack(
    'a string that doubles',
    '"status":"failed"',
    rpc('vm_execute', { code: STRING_BOMB, entry: 0, gasLimit: 1_400_000 }),
  ),
  attack(
    'functions that call themselves',
    '"code":"CALL_DEPTH_EXCEEDED"',
    rpc('vm_estimateGas', { code: RECURSION }),
  ),
  attack(
    '1 MiB of random bytes',
    '"valid":false',
    ...seeds.map((seed) => rpc('vm_validateCode', { code: junk(seed) })),
  ),
  attack(
    '1 MiB that begins like an ELF file',
    '"code":"CODE_INVALID"',
    ...seeds.map((seed) => rpc('vm_estimateGas', { code: junk(seed, ELF_HEAD) })),
  ),
  attack('a batch of 1,000 loops', '"OUT_OF_GAS"', `[${Array.from({ length: 1000 }, () => loop).join()}]`),
  attack('a batch of 20,000', '-32600', `[${'1,'.repeat(19_999)}1]`),
  attack('more values than a body may have', 'at most 100000 values', `[${'1,'.repeat(199_999)}1]`),
  attack('JSON that ends early', '-32700', '{"jsonrpc":"2.0","id":1,'),
  attack('brackets', '-32700', '['.repeat(200_000)),
  attack('wrong types', '-32602', rpc('vm_estimateGas', { code: 5 })),
  { name: 'a body above the limit', bodies: [' '.repeat(5_000_000)], status: 413, part: 'REQUEST_INVALID' },
];

describe('under attack', () => {
  let served: ServedEstimator & { readonly contracts: readonly string[] };
  let attacker: Worker;

  beforeAll(async () => {
    served = await serveEstimator({
      config: { estimator: { log: { level: 'silent' }, cache: { bytes: 0 } } },
      deploy: [file('counter/counter.so')],
    });
    attacker = new Worker(new URL('./attacker.mjs', import.meta.url), {
      workerData: { url: served.url, attacks },
      execArgv: [],
    });
  });
  afterAll(async () => {
    await attacker.terminate();
    expect(await served.stop()).toBe(0);
  });

  /** 200 connections that attack at once, each so often. @returns what was not answered properly. */
  async function wave(rounds: number): Promise<readonly string[]> {
    attacker.postMessage({ connections: 200, rounds });
    const [wrong] = await once(attacker, 'message');
    return wrong as readonly string[];
  }

  async function memoryMiB(): Promise<number> {
    const status = readFileSync(`/proc/${served.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
  }

  test.each(attacks)('$name is answered properly', async ({ bodies, status, part }) => {
    for (const body of bodies) {
      const reply = await post(served.url, body);
      expect(reply.text.includes(part), reply.text.slice(0, 300)).toBe(true);
      expect(reply.status).toBe(status);
    }
  });

  test('everything is answered, honest requests within 250 ms, and memory stays', async () => {
    expect(await wave(1)).toEqual([]);
    const before = await memoryMiB();
    const attack = wave(12);
    const times = await honest(served, attack);
    expect(await attack).toEqual([]);
    const sorted = [...times].sort((a, b) => a - b);
    const p99 = sorted[Math.floor(sorted.length * 0.99)]!;
    console.log(
      `honest: ${times.length} requests, p50 ${sorted[sorted.length >> 1]!.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    );
    expect(times.length).toBeGreaterThan(20);
    expect(p99).toBeLessThan(250);
    expect(await wave(1)).toEqual([]);
    const after = await memoryMiB();
    console.log(`memory: ${before.toFixed(0)} MiB before, ${after.toFixed(0)} MiB after`);
    expect(after).toBeLessThan(before * 1.5);
    expect((await fetch(`${served.url}/ready`)).status).toBe(200);
  });
});

test('bodies that trickle are ended in time, and hold up nobody', async () => {
  const served = await serveEstimator({
    config: { estimator: { log: { level: 'silent' }, limits: { bodyTimeoutMs: 2000 } } },
    deploy: [file('counter/counter.so')],
  });
  const { port } = new URL(served.url);
  const sockets = Array.from({ length: 50 }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    const head = 'POST /rpc HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000';
    socket.write(`${head}\r\n\r\n{`);
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', () => {});
    const trickle = setInterval(() => socket.write(' '), 200);
    const closed = once(socket, 'close').then(() => clearInterval(trickle));
    return { closed, answer: () => answer };
  });
  const times = await honest(served, Promise.all(sockets.map(({ closed }) => closed)));
  expect(Math.max(...times)).toBeLessThan(250);
  for (const { answer } of sockets) expect(answer()).toMatch(/^HTTP\/1\.1 408 /);
  expect(await served.stop()).toBe(0);
});

async function post(url: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/rpc`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

/** A client that asks for another estimate, 10 ms after each answer. @returns how long each answer took, in ms. */
async function honest(
  { url, contracts }: Awaited<ReturnType<typeof serveEstimator>>,
  until: Promise<unknown>,
): Promise<readonly number[]> {
  let isOver = false;
  void until.finally(() => {
    isOver = true;
  });
  const times: number[] = [];
  while (!isOver) {
    const params = { contract: contracts[0], entry: 0, args: [`u64:${times.length + 1}`] };
    const started = performance.now();
    const { text } = await post(url, rpc('vm_estimateGas', params));
    times.push(performance.now() - started);
    expect(text).toContain('"gasLimit":"870"');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return times;
}

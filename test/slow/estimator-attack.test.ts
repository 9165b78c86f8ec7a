import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { LegacyTools } from '@switchyard/legacy';
import { TbpfTools } from '@switchyard/tbpf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedEstimator, serveEstimator } from '../support/serve.ts';

const file = (name: string) => fileURLToPath(new URL(`../../fixtures/contracts/${name}`, import.meta.url));
const tbpf = (source: string) =>
  Buffer.from(new TbpfTools().assemble(source, { version: 'v0' })).toString('hex');

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

interface Reply {
  readonly status: number;
  readonly text: string;
}

type Outcome = (reply: Reply) => boolean;
const fails =
  (code: string): Outcome =>
  ({ status, text }) =>
    status === 200 && text.includes(`"code":"${code}"`);
const refuses =
  (status: number, part: string): Outcome =>
  (reply) =>
    reply.status === status && reply.text.includes(part);

interface Attack {
  readonly name: string;
  readonly body: (round: number) => string;
  readonly isProper: Outcome;
}

function rpc(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
}

const attacks: readonly Attack[] = [
  {
    name: 'an endless loop',
    body: () => rpc('vm_estimateGas', { code: LOOP }),
    isProper: fails('OUT_OF_GAS'),
  },
  {
    name: 'an endless loop that is traced',
    body: () => rpc('vm_trace', { code: LOOP, format: 'events', steps: true, limit: 1000 }),
    isProper: refuses(200, '"isCut":true'),
  },
  {
    name: 'storage that grows',
    body: () => rpc('vm_execute', { code: STORAGE_BOMB, gasLimit: 1_400_000 }),
    isProper: refuses(200, '"status":"failed"'),
  },
  {
    name: 'a string that doubles',
    body: () => rpc('vm_execute', { code: STRING_BOMB, entry: 0, gasLimit: 1_400_000 }),
    isProper: refuses(200, '"status":"failed"'),
  },
  {
    name: 'functions that call themselves',
    body: () => rpc('vm_estimateGas', { code: RECURSION }),
    isProper: fails('CALL_DEPTH_EXCEEDED'),
  },
  {
    name: '1 MiB of random bytes',
    body: (round) => rpc('vm_validateCode', { code: junk(round) }),
    isProper: refuses(200, '"valid":false'),
  },
  {
    name: '1 MiB that begins like an ELF file',
    body: (round) => rpc('vm_estimateGas', { code: junk(round, '7f454c460201010000000000000000000300f700') }),
    isProper: fails('CODE_INVALID'),
  },
  {
    name: 'a batch of 1,000 loops',
    body: () => `[${Array.from({ length: 1000 }, () => rpc('vm_estimateGas', { code: LOOP })).join()}]`,
    isProper: ({ status }) => status === 200,
  },
  {
    name: 'a batch of 100,000',
    body: () => `[${'1,'.repeat(99_999)}1]`,
    isProper: refuses(200, '-32600'),
  },
  { name: 'JSON that ends early', body: () => '{"jsonrpc":"2.0","id":1,', isProper: refuses(200, '-32700') },
  { name: 'brackets', body: () => '['.repeat(200_000), isProper: refuses(200, '-32700') },
  { name: 'wrong types', body: () => rpc('vm_estimateGas', { code: 5 }), isProper: refuses(200, '-32602') },
  {
    name: 'a body above the limit',
    body: () => ' '.repeat(5_000_000),
    isProper: refuses(413, ''),
  },
];

describe('under attack', () => {
  let served: ServedEstimator & { readonly contracts: readonly string[] };

  beforeAll(async () => {
    served = await serveEstimator({
      config: {
        estimator: { log: { level: 'silent' }, cache: { bytes: 0 }, limits: { bodyTimeoutMs: 2000 } },
      },
      deploy: [file('counter/counter.so')],
    });
  });
  afterAll(async () => {
    expect(await served.stop()).toBe(0);
  });

  async function post(body: string): Promise<Reply> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${served.url}/rpc`, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text() };
  }

  /** 200 connections that attack at once, each several times. @returns what was not answered properly. */
  async function wave(rounds: number): Promise<readonly string[]> {
    const wrong: string[] = [];
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        for (let round = 0; round < rounds; round++) {
          const { name, body, isProper } = attacks[(index + round) % attacks.length]!;
          const reply = await post(body(index));
          // A full queue is an answer, too, to those who fill it.
          const isRefused = reply.text.includes('"QUEUE_FULL"') || reply.text.includes('"RATE_LIMITED"');
          if (!isProper(reply) && !isRefused)
            wrong.push(`${name}: ${reply.status} ${reply.text.slice(0, 200)}`);
        }
      }),
    );
    return wrong;
  }

  /** An honest client, that asks for an estimate every 20 ms. @returns how long each answer took, in ms. */
  async function honest(until: Promise<unknown>): Promise<readonly number[]> {
    let isOver = false;
    void until.finally(() => {
      isOver = true;
    });
    const times: number[] = [];
    while (!isOver) {
      const started = performance.now();
      const args = [`u64:${times.length + 1}`];
      const { text } = await post(rpc('vm_estimateGas', { contract: served.contracts[0], entry: 0, args }));
      expect(text).toContain('"gasLimit":"870"');
      times.push(performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return times;
  }

  async function memoryMiB(): Promise<number> {
    const status = readFileSync(`/proc/${served.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
  }

  test.each(attacks)('$name is answered properly', async ({ body, isProper }) => {
    const reply = await post(body(1));
    expect(isProper(reply), `${reply.status} ${reply.text.slice(0, 300)}`).toBe(true);
  });

  test('everything is answered, honest requests within 250 ms, and memory stays', async () => {
    await wave(1);
    const before = await memoryMiB();
    const attack = wave(4);
    const [wrong, times] = await Promise.all([attack, honest(attack)]);
    expect(wrong).toEqual([]);
    const sorted = [...times].sort((a, b) => a - b);
    const p99 = sorted[Math.floor(sorted.length * 0.99)]!;
    console.log(
      `honest: ${times.length} requests, p50 ${sorted[sorted.length >> 1]!.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    );
    expect(times.length).toBeGreaterThan(20);
    expect(p99).toBeLessThan(250);
    await wave(1);
    const after = await memoryMiB();
    console.log(`memory: ${before.toFixed(0)} MiB before, ${after.toFixed(0)} MiB after`);
    expect(after).toBeLessThan(before * 1.5);
    const ready = await fetch(`${served.url}/ready`);
    expect(ready.status).toBe(200);
  });

  test('bodies that trickle are ended, and hold up nobody', async () => {
    const { port } = new URL(served.url);
    const sockets = Array.from({ length: 50 }, () => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(
        'POST /rpc HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
      );
      let answer = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      socket.on('error', () => {});
      const trickle = setInterval(() => socket.write(' '), 200);
      const closed = once(socket, 'close').then(() => clearInterval(trickle));
      return { closed, answer: () => answer };
    });
    const all = Promise.all(sockets.map(({ closed }) => closed));
    const times = await honest(all);
    expect(Math.max(...times)).toBeLessThan(250);
    for (const { answer } of sockets) expect(answer()).toMatch(/^HTTP\/1\.1 408 /);
  });
});

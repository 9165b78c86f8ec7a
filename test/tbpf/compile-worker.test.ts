import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TbpfTools } from '@switchyard/tbpf';
import { expect, test } from 'vitest';

/*
 * The compile worker is a file of its own, which exists only once the packages are built; tests from the sources never start it. So
 * this one runs a process on `dist`, which ends by itself or not at all, and a second one that finds what the first has kept.
 */

const child = fileURLToPath(new URL('compile-worker-child.ts', import.meta.url));

/** Adds the numbers from 20,000 down to 1, by way of the stack: 100,006 instructions, exit code 0. */
const SOURCE = `
  entrypoint:
  mov64 r6, 20000
  mov64 r7, 0
  loop:
  stxdw [r10-8], r6
  ldxdw r3, [r10-8]
  add64 r7, r3
  sub64 r6, 1
  jne r6, 0, loop
  lddw r3, 200010000
  mov64 r0, 0
  jeq r7, r3, end
  mov64 r0, 1
  end:
  exit`;

interface Answer {
  readonly outcomes: readonly string[];
  readonly before: number;
  readonly after: number;
}

async function runChild(file: string, directory: string): Promise<Answer> {
  const args = ['--import', 'tsx', child, file, directory];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 90_000 });
  return JSON.parse(stdout) as Answer;
}

test('a worker compiles a hot contract beside the run; the next process takes the code from the cache', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-worker-'));
  try {
    const [file, cache] = [join(folder, 'hot.so'), join(folder, 'cache')];
    writeFileSync(file, new TbpfTools().assemble(SOURCE, { version: 'v0' }));
    const first = await runChild(file, cache);
    // 500,000 instructions in tier 0, then as many runs as the worker takes to start and compile.
    expect(first.before).toBeGreaterThanOrEqual(5);
    expect(first.after).toBe(10);
    expect(readdirSync(cache)).toHaveLength(1);
    const second = await runChild(file, cache);
    expect(second).toMatchObject({ before: 1, after: 10 });
    expect(first.outcomes).toEqual(['success 0 100006 100006']);
    expect(second.outcomes).toEqual(first.outcomes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 200_000);

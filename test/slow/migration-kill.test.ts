import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../packages/cli/bin/switchyard.js', import.meta.url));
const suite = fileURLToPath(new URL('../../fixtures/migration/token-ledger/suite.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'migration-kill-'));
const capture = join(folder, 'capture.jsonl');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CALLS = 100_000;

function replayArguments(work: string): string[] {
  return [bin, 'migrate', 'replay', suite, capture, '--folder', join(folder, work), '--today', '2026-11-21'];
}

/** Starts a replay and kills it at once when it has saved so many checkpoints. @returns whether it was killed before its end. */
async function killAt(work: string, checkpoint: number): Promise<boolean> {
  const child = spawn(process.execPath, replayArguments(work), { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const file = join(folder, work, 'progress.json');
  const isThere = (): boolean =>
    existsSync(file) &&
    (JSON.parse(readFileSync(file, 'utf8')) as { checkpoint: number }).checkpoint >= checkpoint;
  const timer = setInterval(() => {
    if (isThere()) child.kill('SIGKILL');
  }, 5);
  const [, signal] = (await ended) as [number | null, string | null];
  clearInterval(timer);
  return signal === 'SIGKILL';
}

test('a replay that is killed again and again ends with the report and records of one that ran through', async () => {
  execFileSync(process.execPath, [bin, 'migrate', 'record', suite, '-o', capture, '--calls', `${CALLS}`]);
  execFileSync(process.execPath, replayArguments('whole'));
  for (const checkpoint of [1, 2, 4]) expect(await killAt('killed', checkpoint)).toBe(true);
  execFileSync(process.execPath, replayArguments('killed'));
  const read = (work: string, name: string): Buffer => readFileSync(join(folder, work, name));
  expect(read('killed', 'report.json').equals(read('whole', 'report.json'))).toBe(true);
  expect(read('killed', 'records.jsonl').equals(read('whole', 'records.jsonl'))).toBe(true);
  const { totals } = JSON.parse(read('killed', 'report.json').toString()) as { totals: { calls: number } };
  expect(totals.calls).toBe(CALLS + 1);
});

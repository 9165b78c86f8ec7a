import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex } from '@switchyard/core';
import { afterAll, expect, test } from 'vitest';
import { recordSuite } from '../capture/record-suite.ts';
import { anyoneMints, engineNames, engines, ledgerSuite, legacyPair, today } from '../pairs.fixture.ts';
import { type CallSource, captureFile, suiteCalls } from './call-source.ts';
import { replay } from './replay.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = { engines: engineNames, today, threads: 'here' as const, checkpointCalls: 500 };

/** A capture of generated calls, with lines added. */
function captureOf(name: string, calls: number, extra: readonly string[] = []): string {
  const lines: string[] = [];
  recordSuite(ledgerSuite(), { modules: engines, calls, write: (line) => lines.push(line) });
  const path = join(folder, name);
  writeFileSync(path, [...lines, ...extra].join('\n'));
  return path;
}

test('a capture of the old contract is replayed on both builds', async () => {
  const report = await replay(ledgerSuite(), captureFile(captureOf('clean', 700)), options);
  expect(report.verdict).toBe('equal');
  expect(report.totals).toEqual({ calls: 701, equal: 701, accepted: 0, different: 0, corrupt: 0 });
  expect(report.finalState.differences).toEqual([]);
  expect(report.finalState.lines).toBeGreaterThan(2);
});

test('a capture that does not fit the starting state is said to be so', async () => {
  const path = captureOf('elsewhere', 6);
  const text = readFileSync(path, 'utf8').split('\n');
  // Without the mint that comes first, the transfers fail.
  writeFileSync(path, text.toSpliced(1, 1).join('\n'));
  const report = await replay(ledgerSuite(), captureFile(path), options);
  expect(report.verdict).toBe('equal');
  expect(report.notCompared).toContain(
    'The old build, run again, ended 2 of the recorded calls otherwise than the chain did: the suite’s starting state is not the chain’s, or the capture does not begin there.',
  );
});

test('corrupt lines are named and counted, and the rest is run all the same', async () => {
  const contract = bytesToHex(ledgerSuite().start.contract);
  const call = { contract, sender: '00'.repeat(32), entry: 'entry_9', input: '' };
  const bad = ['{"contract":', JSON.stringify(call), JSON.stringify({ ...call, contract: '00'.repeat(32) })];
  const report = await replay(ledgerSuite(), captureFile(captureOf('corrupt', 20, bad)), options);
  expect(report.verdict).toBe('incomplete');
  expect(report.totals).toMatchObject({ calls: 21, equal: 21, corrupt: 3 });
  expect(report.corrupt).toEqual([
    { line: 22, reason: 'not JSON.' },
    { line: 23, reason: 'the suite declares no entry for entry_9 of the old side.' },
    { line: 24, reason: `a call of 0x${'00'.repeat(32)}; the suite's contract is 0x${contract}.` },
  ]);
});

test('the first divergence is looked at in the middle of the run, and the run goes on as if nothing had been', async () => {
  const suite = legacyPair(anyoneMints);
  const capture = captureFile(captureOf('detail', 1700));
  const report = await replay(suite, capture, options);
  expect(report.totals.different).toBeGreaterThan(100);
  const { call, detail } = report.first!;
  expect(call).toMatchObject({ entry: 'mint', outcome: 'exit 1' });
  expect(detail.old.trace.at(-1)!.instruction).toBe('RETURN');
  expect(detail.old.stateBefore).toEqual(detail.new.stateBefore);
});

/** The source, ending with an error after so many calls, as if the process had died. */
function dyingAfter(source: CallSource, calls: number): CallSource {
  return {
    ...source,
    async *read(from) {
      let left = calls;
      for await (const call of source.read(from)) {
        if (left-- === 0) throw new Error('killed');
        yield call;
      }
    },
  };
}

test.each([1, 500, 620, 1_650])(
  'a replay that died after %i calls ends with the same report, byte for byte',
  async (calls) => {
    const path = join(folder, 'long');
    const source = captureFile(path);
    const work = join(folder, `work-${calls}`);
    await expect(
      replay(ledgerSuite(), dyingAfter(source, calls), { ...options, folder: work }),
    ).rejects.toThrow('killed');
    const resumed: number[] = [];
    const report = await replay(ledgerSuite(), source, {
      ...options,
      folder: work,
      onProgress: ({ resumedAt }) => resumed.push(resumedAt),
    });
    expect(resumed[0]).toBe(Math.floor(calls / 500) * 500);
    expect(JSON.stringify(report)).toBe(wholeReport);
    expect(readFileSync(join(work, 'records.jsonl'), 'utf8').split('\n')).toHaveLength(1_702);
  },
);

captureOf('long', 1_700);
const wholeReport = JSON.stringify(await replay(ledgerSuite(), captureFile(join(folder, 'long')), options));

test('a finished replay is not run again, and another input is refused', async () => {
  const work = join(folder, 'finished');
  const suite = ledgerSuite();
  const first = await replay(suite, suiteCalls(suite), { ...options, folder: work });
  const again = await replay(suite, suiteCalls(suite), { ...options, folder: work });
  expect(again).toEqual(first);
  const other = { ...suite, calls: suite.calls.slice(1) };
  await expect(replay(other, suiteCalls(other), { ...options, folder: work })).rejects.toMatchObject({
    code: 'JOURNAL_INVALID',
    message: `${work} belongs to another replay.`,
  });
  const anew = await replay(other, suiteCalls(other), { ...options, folder: work, restart: true });
  expect(anew.totals.calls).toBe(6);
});

test('a folder with a damaged progress is refused', async () => {
  const work = join(folder, 'damaged');
  const suite = ledgerSuite();
  await replay(suite, suiteCalls(suite), { ...options, folder: work });
  writeFileSync(join(work, 'progress.json'), '{');
  await expect(replay(suite, suiteCalls(suite), { ...options, folder: work })).rejects.toMatchObject({
    code: 'JOURNAL_INVALID',
  });
});

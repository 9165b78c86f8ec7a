import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureFile, loadEngines, readSuite, recordSuite, replay, type Suite } from '@switchyard/migration';

const ENGINES = ['@switchyard/tbpf/module', '@switchyard/legacy/module'];

/** Lengths of the captures: whether the cost of a call grows with them. */
const LENGTHS = [10_000, 100_000, 1_000_000];

/** Rounds end when they have so many calls together: the longest capture is replayed once. */
const ENOUGH_CALLS = 500_000;

/** What a replay of one capture took. */
export interface ReplayMeasurement {
  readonly calls: number;
  /** Call pairs a second, median of the rounds. */
  readonly pairsPerSecond: number;
  /** Microseconds of both cores for a pair, median of the rounds: what is left when the machine is shared. */
  readonly cpuMicroseconds: number;
  /** Largest resident memory of the process so far, in MiB. */
  readonly peakMiB: number;
}

/**
 * Replays captures of the token ledger, one worker a side, with a folder for checkpoints, as `switchyard migrate replay` does. Half of the
 * calls are generated, so most ends of its entries occur.
 */
export async function benchMigration(
  rounds: number,
  onResult: (result: ReplayMeasurement) => void,
): Promise<readonly ReplayMeasurement[]> {
  const suite = ledgerSuite();
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
  const results: ReplayMeasurement[] = [];
  try {
    for (const calls of LENGTHS) {
      const capture = join(folder, `${calls}.jsonl`);
      await record(suite, capture, calls);
      const measured: { readonly rate: number; readonly cpu: number }[] = [];
      for (let round = 0; round < Math.min(rounds, Math.ceil(ENOUGH_CALLS / calls)); round++) {
        measured.push(await once(suite, capture, join(folder, 'work'), calls));
      }
      rmSync(capture);
      const result = {
        calls,
        pairsPerSecond: Math.round(median(measured.map(({ rate }) => rate))),
        cpuMicroseconds: Math.round(median(measured.map(({ cpu }) => cpu))),
        peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
      };
      results.push(result);
      onResult(result);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

/** A measurement on one line. */
export function formatReplay({ calls, pairsPerSecond, cpuMicroseconds, peakMiB }: ReplayMeasurement): string {
  return `${`${calls}`.padStart(9)} calls  ${`${pairsPerSecond}`.padStart(7)} pairs/s  ${`${cpuMicroseconds}`.padStart(4)} µs CPU a pair  peak ${peakMiB} MiB`;
}

function ledgerSuite(): Suite {
  const folder = fileURLToPath(new URL('../../fixtures/migration/token-ledger/', import.meta.url));
  return readSuite({
    name: 'suite.yaml',
    text: readFileSync(join(folder, 'suite.yaml'), 'utf8'),
    readFile: (path) => readFileSync(join(folder, path)),
  });
}

async function record(suite: Suite, path: string, calls: number): Promise<void> {
  const handle = openSync(path, 'w');
  try {
    const modules = await loadEngines(ENGINES);
    recordSuite(suite, { modules, calls, write: (line) => void writeSync(handle, `${line}\n`) });
  } finally {
    closeSync(handle);
  }
}

async function once(
  suite: Suite,
  capture: string,
  folder: string,
  calls: number,
): Promise<{ readonly rate: number; readonly cpu: number }> {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const report = await replay(suite, captureFile(capture), {
    engines: ENGINES.map((name) => import.meta.resolve(name)),
    today: '2026-11-21',
    folder,
    restart: true,
  });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (report.verdict !== 'equal' || report.totals.calls !== calls + 1) {
    throw new Error(
      `the replay of ${calls} calls came out as ${report.verdict}, ${report.totals.calls} calls`,
    );
  }
  return { rate: calls / seconds, cpu: (user + system) / calls };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

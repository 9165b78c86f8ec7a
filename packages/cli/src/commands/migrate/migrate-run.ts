import { captureFile, captureStream, compare, generate, replay, suiteCalls } from '@switchyard/migration';
import { parseInteger, usage } from '../../arguments/parse.ts';
import type { CommandReport } from '../../output/reporter.ts';
import { checkReportFiles, type MigrateOutputOptions, reportResult } from './migrate-output.ts';
import { createProgress } from './progress.ts';
import { importEngines, readAcceptedFile, readSuiteFile } from './read-suite-file.ts';

/** Options of `migrate run` and `migrate replay`. */
export interface MigrateRunOptions extends MigrateOutputOptions {
  readonly calls?: string;
  readonly seed?: string;
  readonly accepted?: string;
  readonly today?: string;
  readonly folder?: string;
  readonly restart?: boolean;
}

/** Most calls that `--calls` may ask for. */
export const MOST_CALLS = 100_000_000;

/** Greatest `--seed`. */
export const MOST_SEED = 2 ** 31 - 1;

/** `switchyard migrate run SUITE`: the suite's calls, then generated ones. */
export async function migrateRunCommand(file: string, options: MigrateRunOptions): Promise<CommandReport> {
  const calls = options.calls === undefined ? 10_000 : parseInteger(options.calls, '--calls', 0, MOST_CALLS);
  const seed = options.seed === undefined ? 1 : parseInteger(options.seed, '--seed', 0, MOST_SEED);
  const accepted = readAcceptedFile(options.accepted);
  const today = dayOf(options.today);
  checkReportFiles(options);
  const loaded = readSuiteFile(file);
  const modules = await importEngines(loaded);
  if (calls === 0) {
    return reportResult('migrate run', compare(loaded.suite, { modules, accepted, today }), options);
  }
  const progress = await createProgress();
  try {
    const onProgress = (now: { readonly calls: number; readonly failures: number }): void =>
      progress.update(now.calls, now.failures);
    const report = generate(loaded.suite, { modules, accepted, today, calls, seed, onProgress });
    return reportResult('migrate run', report, options);
  } finally {
    progress.stop();
  }
}

/** `switchyard migrate replay SUITE [CAPTURE]`: recorded calls, or the suite's own; resumable with a folder. */
export async function migrateReplayCommand(
  file: string,
  capture: string | undefined,
  options: MigrateRunOptions,
): Promise<CommandReport> {
  const accepted = readAcceptedFile(options.accepted);
  const today = dayOf(options.today);
  checkReportFiles(options);
  const { suite, engines } = readSuiteFile(file);
  const source =
    capture === undefined
      ? suiteCalls(suite)
      : capture === '-'
        ? captureStream('standard input', process.stdin)
        : captureFile(capture);
  const progress = await createProgress();
  try {
    const report = await replay(suite, source, {
      engines,
      accepted,
      today,
      ...(options.folder === undefined ? {} : { folder: options.folder }),
      ...(options.restart === undefined ? {} : { restart: options.restart }),
      onProgress: ({ calls, different }) => progress.update(calls, different),
    });
    return reportResult('migrate replay', report, options);
  } finally {
    progress.stop();
  }
}

/** The day on which rules expire: given, so that a report can be made again, or the clock's. */
function dayOf(given: string | undefined): string {
  const day = given ?? new Date().toISOString().slice(0, 10);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
  if (!isDay || new Date(day).toISOString().slice(0, 10) !== day)
    throw usage('--today', 'a day such as 2027-03-31', day);
  return day;
}

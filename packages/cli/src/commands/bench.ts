import { VmError } from '@switchyard/core';
import { openApp } from '../app/open-app.ts';
import { parseInteger } from '../arguments/parse.ts';
import { readInputFile } from '../arguments/read-input.ts';
import { formatMeans, formatRatio, formatResult, RESULT_HEADING } from '../bench/format-results.ts';
import { type BenchOptions, type BenchReport, runBenchmarks } from '../bench/run-benchmarks.ts';
import { tokenBenchmarks } from '../bench/token-transfer.ts';
import type { CommandReport } from '../output/reporter.ts';
import { checkWritable, writeOutput } from '../output/write-output.ts';

/** Options of `switchyard bench`. */
export interface BenchCommandOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly runs?: string;
  readonly only?: string;
  readonly token?: string;
  readonly output?: string;
  /** Words behind the engine's name. */
  readonly excess?: readonly string[];
}

/** How to measure an engine. */
export interface EngineBenchOptions extends BenchOptions {
  readonly configFile?: string | undefined;
  /** The built token of fixtures/contracts; without it transfers are not measured. */
  readonly tokenFile?: string | undefined;
}

/** Measures all that an engine offers to be timed. @throws VmError ENGINE_UNKNOWN, UNSUPPORTED, FILE_UNREADABLE, USAGE_INVALID. */
export async function benchEngine(type: string, options: EngineBenchOptions = {}): Promise<BenchReport> {
  const { configFile, tokenFile, ...how } = options;
  const app = await openApp({ configFile, state: { kind: 'memory' } });
  try {
    const definition = app.factory.definition(type);
    const own = await definition.tools.benchmarks?.();
    if (own === undefined) throw new VmError('UNSUPPORTED', `engine ${type} has no benchmarks.`);
    const token = tokenFile === undefined ? [] : tokenBenchmarks(definition, readInputFile(tokenFile));
    return await runBenchmarks([...own, ...token], how);
  } finally {
    await app.close();
  }
}

/** `switchyard bench ENGINE`: a line a result as they come, ratios and their means at the end. */
export async function benchCommand(engine: string, options: BenchCommandOptions): Promise<CommandReport> {
  const isJson = options.json === true;
  refuseExcess(options);
  // Before minutes of measuring whose result would be lost.
  if (options.output !== undefined) checkWritable(options.output);
  let heading = `${RESULT_HEADING}\n`;
  const report = await benchEngine(engine, {
    configFile: options.config,
    tokenFile: options.token,
    only: options.only,
    ...(options.runs === undefined ? {} : { runs: parseInteger(options.runs, '--runs', 5, 1000) }),
    onResults(results) {
      if (isJson) return;
      process.stdout.write(`${heading}${results.map((result) => `${formatResult(result)}\n`).join('')}`);
      heading = '';
    },
  });
  if (options.output !== undefined) writeOutput(options.output, `${JSON.stringify(report, null, 2)}\n`);
  return {
    command: 'bench',
    exitCode: 0,
    data: { ...report },
    text: () => ['', ...report.ratios.map(formatRatio), formatMeans(report.meanRatios)].join('\n'),
  };
}

/** `--json FILE` writes a file with `npm run bench`, so it is what people type here, too. */
function refuseExcess({ json, excess = [] }: BenchCommandOptions): void {
  if (excess.length === 0) return;
  const isFile = json === true && excess.length === 1;
  throw new VmError(
    'USAGE_INVALID',
    isFile
      ? `--json prints the report and takes no file, found "${excess[0]}".`
      : `expected one engine and nothing behind it, found "${excess.join(' ')}".`,
    isFile ? { hint: `Write the report to a file with -o ${excess[0]}.` } : {},
  );
}

import { writeFileSync } from 'node:fs';
import { VmError } from '@switchyard/core';
import { openApp } from '../app/open-app.ts';
import { parseInteger } from '../arguments/parse.ts';
import { readInputFile } from '../arguments/read-input.ts';
import { formatMeans, formatRatio, formatResult, RESULT_HEADING } from '../bench/format-results.ts';
import { type BenchOptions, type BenchReport, runBenchmarks } from '../bench/run-benchmarks.ts';
import { tokenBenchmarks } from '../bench/token-transfer.ts';
import type { CommandReport } from '../output/reporter.ts';

/** Options of `switchyard bench`. */
export interface BenchCommandOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly runs?: string;
  readonly only?: string;
  readonly token?: string;
  readonly output?: string;
}

/** How to measure an engine. */
export interface EngineBenchOptions extends BenchOptions {
  readonly configFile?: string | undefined;
  /** The built token of fixtures/contracts; without it transfers are not measured. */
  readonly tokenFile?: string | undefined;
}

/** Measures all that an engine offers to be timed. @throws VmError ENGINE_UNKNOWN, UNSUPPORTED, FILE_UNREADABLE. */
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
  if (options.output !== undefined) writeFileSync(options.output, `${JSON.stringify(report, null, 2)}\n`);
  return {
    command: 'bench',
    exitCode: 0,
    data: { ...report },
    text: () => ['', ...report.ratios.map(formatRatio), formatMeans(report.meanRatios)].join('\n'),
  };
}

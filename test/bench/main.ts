import { fileURLToPath } from 'node:url';
import {
  type BenchReport,
  benchEngine,
  formatMeans,
  formatRatio,
  formatResult,
  RESULT_HEADING,
  runBenchmarks,
} from '@switchyard/cli';
import { VmError } from '@switchyard/core';
import { Command, InvalidArgumentError } from 'commander';
import { checkWritable, writeOutput } from '../../packages/cli/src/output/write-output.ts';
import { benchEstimator, formatLoad, machineText, soakEstimator } from './estimator.ts';
import { legacyBenchmarks } from './legacy-programs.ts';
import { benchMigration, formatReplay } from './migration.ts';
import { benchState, formatStoreTimes } from './state.ts';

/*
 * npm run bench -- tbpf|legacy|migration|state|estimator [--json FILE] [--runs N] [--only TEXT] [--seconds N] [--soak N]
 *
 * Speed of an engine, of the replay of a migration, of the state stores, or of the estimation service under load, as built. Every run's result
 * and instruction count are compared with what they must be; exit code 1 when one
 * differs, 2 on bad usage.
 */

interface Options {
  readonly json?: string;
  readonly runs: number;
  readonly only: string;
  /** Of each round of load on the estimator. */
  readonly seconds: number;
  /** Seconds of load with an eye on the estimator's memory, instead. */
  readonly soak?: number;
}

const token = fileURLToPath(new URL('../../fixtures/contracts/token/token.so', import.meta.url));

/** What is measured beside engines. Each prints its rows as they come and returns them. */
const OTHERS: Readonly<Record<string, (options: Options) => Promise<unknown>>> = {
  migration: ({ runs }) => benchMigration(runs, (result) => console.log(formatReplay(result))),
  state({ runs }) {
    console.log(formatStoreTimes(undefined));
    return benchState(runs, (times) => console.log(formatStoreTimes(times)));
  },
  async estimator({ runs, seconds, soak }) {
    console.log(machineText());
    if (soak === undefined) {
      return benchEstimator(runs, seconds, (result) => console.log(formatLoad(result)));
    }
    const soaked = await soakEstimator(soak, (second, mebibytes) =>
      console.log(`${second} s: ${mebibytes} MiB`),
    );
    console.log(`${soaked.perSecond} estimates/s over ${soaked.seconds} s, ${soaked.errors} errors`);
    return soaked;
  },
};
const ENGINES = ['tbpf', 'legacy'];

async function bench(what: string, options: Options): Promise<void> {
  const { json, runs, only } = options;
  // Before minutes of measuring whose result would be lost.
  if (json !== undefined) checkWritable(json);
  const other = OTHERS[what];
  if (other !== undefined) {
    const results = await other(options);
    if (json !== undefined) writeOutput(json, `${JSON.stringify({ results }, null, 2)}\n`);
    return;
  }
  let heading = `${RESULT_HEADING}\n`;
  const how = {
    runs,
    only,
    onResults(results: BenchReport['results'], ratios: BenchReport['ratios']) {
      console.log(`${heading}${results.map(formatResult).join('\n')}`);
      heading = '';
      for (const ratio of ratios) console.log(formatRatio(ratio));
    },
  };
  const report =
    what === 'legacy'
      ? await runBenchmarks(legacyBenchmarks(), how)
      : await benchEngine(what, { ...how, tokenFile: token });
  console.log(`${formatMeans(report.meanRatios)}\n${runs} rounds each after some to warm up`);
  if (json !== undefined) writeOutput(json, `${JSON.stringify(report, null, 2)}\n`);
}

function rounds(text: string): number {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 5)
    throw new InvalidArgumentError('expected a whole number from 5 on.');
  return runs;
}

const program = new Command('npm run bench --')
  .description('Measures the speed of an engine on its benchmark programs.')
  .argument('<engine>', [...ENGINES, ...Object.keys(OTHERS)].join(', '))
  .option('--json <file>', 'write the report as JSON')
  .option('--runs <n>', 'rounds that count', rounds, 5)
  .option('--seconds <n>', 'seconds of a round of load on the estimator', Number, 5)
  .option('--soak <seconds>', 'load the estimator for so long and watch its memory', Number)
  .option('--only <text>', 'only programs whose name has this', '')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async (engine: string, options: Options) => {
    const known = [...ENGINES, ...Object.keys(OTHERS)];
    if (!known.includes(engine)) program.error(`no engine "${engine}"; expected ${known.join(', ')}.`);
    await bench(engine, options);
  });
try {
  await program.parseAsync();
} catch (thrown) {
  console.error(`bench: ${(thrown as Error).message}`);
  process.exitCode = thrown instanceof VmError ? 2 : 1;
}

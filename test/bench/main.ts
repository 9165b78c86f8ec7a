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
import { legacyBenchmarks } from './legacy-programs.ts';
import { benchMigration, formatReplay } from './migration.ts';
import { benchState, formatStoreTimes } from './state.ts';

/*
 * npm run bench -- tbpf|legacy|migration|state [--json FILE] [--runs N] [--only TEXT]
 *
 * Speed of an engine, of the replay of a migration, or of the state stores, as built. Every run's result and instruction count are compared with what they must be; exit code 1 when one
 * differs, 2 on bad usage.
 */

interface Options {
  readonly json?: string;
  readonly runs: number;
  readonly only: string;
}

const token = fileURLToPath(new URL('../../fixtures/contracts/token/token.so', import.meta.url));

async function bench(engine: string, { json, runs, only }: Options): Promise<void> {
  // Before minutes of measuring whose result would be lost.
  if (json !== undefined) checkWritable(json);
  if (engine === 'migration') {
    const results = await benchMigration(runs, (result) => console.log(formatReplay(result)));
    if (json !== undefined) writeOutput(json, `${JSON.stringify({ results }, null, 2)}\n`);
    return;
  }
  if (engine === 'state') {
    console.log(formatStoreTimes(undefined));
    const results = await benchState(runs, (times) => console.log(formatStoreTimes(times)));
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
    engine === 'legacy'
      ? await runBenchmarks(legacyBenchmarks(), how)
      : await benchEngine(engine, { ...how, tokenFile: token });
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
  .argument('<engine>', 'tbpf, legacy, migration or state')
  .option('--json <file>', 'write the report as JSON')
  .option('--runs <n>', 'rounds that count', rounds, 5)
  .option('--only <text>', 'only programs whose name has this', '')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async (engine: string, options: Options) => {
    if (!['tbpf', 'legacy', 'migration', 'state'].includes(engine))
      program.error(`no engine "${engine}"; expected tbpf, legacy, migration or state.`);
    await bench(engine, options);
  });
try {
  await program.parseAsync();
} catch (thrown) {
  console.error(`bench: ${(thrown as Error).message}`);
  process.exitCode = thrown instanceof VmError ? 2 : 1;
}

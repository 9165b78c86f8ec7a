import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { TbpfTools } from '@switchyard/tbpf';
import { Command, InvalidArgumentError } from 'commander';
import { eitherSuite } from './either-suite.ts';
import { type FuzzTotals, runFuzz } from './run-fuzz.ts';
import type { Suite } from './suite.ts';
import { bareSuite } from './tbpf/bare-suite.ts';
import { type EnvironmentKind, environmentKinds } from './tbpf/environment/environment-case.ts';
import { environmentSuite } from './tbpf/environment/environment-suite.ts';
import { replay } from './tbpf/environment/replay.ts';
import { type BareKind, profiles } from './tbpf/profile.ts';

/*
 * npm run fuzz -- tbpf [--runs N] [--seed S] [--only KIND] [--save DIR] [--jobs N]
 * npm run fuzz -- tbpf --replay FILE
 *
 * Random programs on all tiers of an engine, each compared with the reference tier. Exit code 1 when one differs, 2 on bad usage.
 */

/** Units of work after which V8 compiles a function with its optimising compiler; so that short runs get to it, too. */
const TIERING_BUDGET = 2000;

interface Options {
  readonly runs: number;
  readonly seed: number;
  readonly only?: string;
  readonly save: string;
  readonly jobs: number;
  readonly replay?: string;
  /** Set by the parent of several jobs. */
  readonly job?: number;
}

const bareKinds: readonly string[] = Object.keys(profiles);
const kinds: readonly string[] = [...bareKinds, ...environmentKinds];

/** Every so many cases one has contracts in an environment, which takes several times as long as a bare program. */
const ENVIRONMENT_NTH = 12;

/** A parser of whole numbers from `least` on. */
function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`expected a whole number from ${least} on.`);
    return value;
  };
}

function kindOf(text: string): string {
  if (!kinds.includes(text)) throw new InvalidArgumentError(`expected one of ${kinds.join(', ')}.`);
  return text;
}

async function fuzz(options: Options): Promise<number> {
  const { runs, seed, only, save, jobs, job } = options;
  if (jobs > 1 && job === undefined) return inChildren(options);
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  const tools = new TbpfTools();
  const started = performance.now();
  const suffix = job === undefined ? '' : `job ${job}: `;
  if (suffix === '') console.log(`tiers: ${tools.tiers.join(', ')}; seed ${seed}`);
  if (tools.tiers.length < 2) console.log('There is no tier but the reference to compare with.');
  const tell = ({ runs: done, cases, failures }: FuzzTotals): void => {
    const rate = Math.round((done * 1000) / (performance.now() - started));
    console.error(`${suffix}${done} runs of ${cases} programs, ${rate} a second, ${failures} failures`);
  };
  const totals = runFuzz(suiteOf(tools, only), {
    runs: Math.ceil(runs / jobs),
    seed,
    job: job ?? 0,
    jobs,
    save,
    onProgress: tell,
    onFailure: (files, text) => console.log(`${text}\nsaved: ${files.join(', ')}\n`),
  });
  tell(totals);
  process.send?.(totals);
  if (suffix === '') printTotals(totals, runs);
  return totals.failures > 0 ? 1 : 0;
}

function suiteOf(tools: TbpfTools, only: string | undefined): Suite<unknown> {
  if (only === undefined)
    return eitherSuite(bareSuite(tools), environmentSuite(tools), ENVIRONMENT_NTH) as Suite<unknown>;
  if (bareKinds.includes(only)) return bareSuite(tools, only as BareKind) as Suite<unknown>;
  return environmentSuite(tools, only as EnvironmentKind) as Suite<unknown>;
}

/** Runs a saved case of contracts again. */
function replayed(file: string): number {
  const { outcomes, difference } = replay(file, new TbpfTools());
  console.log(outcomes.join(', '));
  console.log(difference === undefined ? 'no difference' : JSON.stringify(difference, null, 2));
  return difference === undefined ? 0 : 1;
}

/** One process a job; each takes its share of the cases. */
async function inChildren({ runs, seed, only, save, jobs }: Options): Promise<number> {
  const all: FuzzTotals = { cases: 0, runs: 0, failures: 0, outcomes: {} };
  const ends = Array.from({ length: jobs }, (_, job) => {
    const args = [
      'tbpf',
      '--runs',
      `${runs}`,
      '--seed',
      `${seed}`,
      '--save',
      save,
      '--jobs',
      `${jobs}`,
      '--job',
      `${job}`,
    ];
    const child = fork(fileURLToPath(import.meta.url), only === undefined ? args : [...args, '--only', only]);
    child.on('message', (totals: FuzzTotals) => addTotals(all, totals));
    return new Promise<number>((ended) => child.on('exit', (code) => ended(code ?? 3)));
  });
  const codes = await Promise.all(ends);
  printTotals(all, runs);
  return Math.max(...codes);
}

function addTotals(all: FuzzTotals, { cases, runs, failures, outcomes }: FuzzTotals): void {
  all.cases += cases;
  all.runs += runs;
  all.failures += failures;
  for (const [name, count] of Object.entries(outcomes))
    all.outcomes[name] = (all.outcomes[name] ?? 0) + count;
}

function printTotals({ cases, runs, failures, outcomes }: FuzzTotals, asked: number): void {
  const sorted = Object.entries(outcomes).sort(([, left], [, right]) => right - left);
  for (const [name, count] of sorted) console.log(`${`${count}`.padStart(9)}  ${name}`);
  const programs = cases === 1 ? '1 program' : `${cases} programs`;
  console.log(`${runs} runs of ${programs}, ${failures} failures`);
  if (runs > asked) console.log(`more than the ${asked} asked for: all runs of a program are compared`);
}

const program = new Command('npm run fuzz --')
  .description('Compares all tiers of the TBPF engine with its reference tier on random programs.')
  .argument('<engine>', 'tbpf')
  .option(
    '--runs <n>',
    'runs to compare, each on every tier; a program has several, and is not cut short',
    integer(1),
    20_000,
  )
  .option('--seed <s>', 'the same seed makes the same programs', integer(0), 1)
  .option('--only <kind>', `one kind of programs: ${kinds.join(', ')}`, kindOf)
  .option('--save <folder>', 'where failing cases are saved', 'fuzz-failures')
  .option('--jobs <n>', 'processes, 1 or more', integer(1), 1)
  .option('--replay <file>', 'run a saved case of contracts again, and nothing else')
  .option('--job <n>', 'which of the jobs this process is', integer(0))
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async (engine: string, options: Options) => {
    if (engine !== 'tbpf') program.error(`there is no fuzzer for "${engine}"; expected tbpf.`);
    process.exitCode = options.replay === undefined ? await fuzz(options) : replayed(options.replay);
  });
await program.parseAsync();

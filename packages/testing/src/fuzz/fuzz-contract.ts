import { type Arbitrary, check, property, type RunDetails, stringify } from 'fast-check';
import type { TestChain } from '../chain/test-chain.ts';

/** How a contract is to be fuzzed. */
export interface FuzzOptions {
  /** Cases. Default 100. */
  readonly runs?: number;
  /** Where the cases come from: the same seed gives the same cases. Default 1. */
  readonly seed?: number;
  /** The case to begin with, from the message of a failure. */
  readonly path?: string;
  /** Cases to try before any that are made. */
  readonly examples?: readonly unknown[];
  /** Gets the line that says seed and count. By default it goes to the console. */
  readonly print?: (line: string) => void;
}

/** What was done. */
export interface FuzzReport {
  readonly runs: number;
  readonly seed: number;
}

/** A case that broke the test, shrunk as far as that went. `cause` is what the test threw. */
export class FuzzError extends Error {
  readonly seed: number;
  /** Give it to `fuzzContract` as `path`, with the seed, to run this case alone. */
  readonly path: string;
  /** The case itself. */
  readonly counterexample: unknown;

  constructor(
    message: string,
    fields: { seed: number; path: string; counterexample: unknown; cause: unknown },
  ) {
    super(message, { cause: fields.cause });
    this.name = 'FuzzError';
    this.seed = fields.seed;
    this.path = fields.path;
    this.counterexample = fields.counterexample;
  }
}

/**
 * Runs a test with many made-up cases, each from the chain as it is now: what a case does is undone before the next one, and after the
 * last. A case fails when `test` throws, as a failed `expect` does; it is then shrunk to a small one that fails, too.
 * @example
 * fuzzContract(chain, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (by) => {
 *   expect(counter.call(0, { args: [u64(by)] })).toSucceed();
 * });
 * @throws FuzzError with that case, and the seed and path that lead back to it.
 */
export function fuzzContract<Case>(
  chain: TestChain,
  cases: Arbitrary<Case>,
  test: (one: Case) => void,
  options: FuzzOptions = {},
): FuzzReport {
  const { runs = 100, seed = 1, path, examples = [], print = console.info } = options;
  const start = chain.snapshot();
  const run = property(cases, (one) => {
    const returned: unknown = test(one);
    // A promise would go on after the chain was put back, and its failure would be nobody's.
    if (returned instanceof Promise)
      throw new TypeError('fuzzContract: the test of a case must not be async.');
  }).afterEach(() => chain.revert(start));
  const details = check(run, {
    seed,
    numRuns: runs,
    ...(path === undefined ? {} : { path }),
    examples: examples.map((one): [Case] => [one as Case]),
  });
  if (details.failed) throw failure(details);
  print(`fuzz: ${details.numRuns} cases passed, seed ${details.seed}`);
  return { runs: details.numRuns, seed: details.seed };
}

function failure<Case>(details: RunDetails<[Case]>): FuzzError {
  const { seed, numRuns, numShrinks, counterexample, counterexamplePath, errorInstance, numSkips } = details;
  if (counterexample === null) {
    const message = `fuzz: too many cases were skipped (${numSkips}, ${numRuns} were run), seed ${seed}`;
    return new FuzzError(message, { seed, path: '', counterexample: undefined, cause: errorInstance });
  }
  const path = counterexamplePath ?? '';
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const message = [
    `fuzz: case ${numRuns} failed; shrunk ${numShrinks} times, the smallest found is`,
    '',
    indent(stringify(counterexample[0])),
    '',
    indent(reason),
    '',
    `To run it alone: { seed: ${seed}, path: '${path}' }`,
  ].join('\n');
  return new FuzzError(message, { seed, path, counterexample: counterexample[0], cause: errorInstance });
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

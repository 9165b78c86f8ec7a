import { type Shrunk, shrink } from './shrink.ts';
import type { Suite } from './suite.ts';

/** What to run. */
export interface FuzzOptions {
  readonly runs: number;
  readonly seed: number;
  /** Of several jobs, each takes the indices that leave this remainder. */
  readonly job?: number;
  readonly jobs?: number;
  /** Failing cases after which to stop. */
  readonly mostFailures?: number;
  readonly onProgress?: (totals: FuzzTotals) => void;
  readonly onFailure?: (files: readonly string[], text: string) => void;
  /** Where failing cases are saved; nowhere without it. */
  readonly save?: string | undefined;
}

/** Counts so far. */
export interface FuzzTotals {
  cases: number;
  runs: number;
  failures: number;
  /** Runs by how they ended on the reference. */
  readonly outcomes: Record<string, number>;
}

const PROGRESS_MS = 2000;

/** Checks cases until `runs` runs have been compared. Each is made from the seed and its index alone. */
export function runFuzz<C>(suite: Suite<C>, options: FuzzOptions): FuzzTotals {
  const { runs, seed, job = 0, jobs = 1, mostFailures = 3, onProgress, onFailure, save } = options;
  const totals: FuzzTotals = { cases: 0, runs: 0, failures: 0, outcomes: {} };
  let told = performance.now();
  for (let index = job; totals.runs < runs; index += jobs) {
    const made = suite.make(seed, index);
    const { outcomes, difference } = suite.check(made);
    totals.cases++;
    totals.runs += outcomes.length;
    for (const outcome of outcomes) totals.outcomes[outcome] = (totals.outcomes[outcome] ?? 0) + 1;
    if (difference !== undefined) {
      totals.failures++;
      const shrunk = shrink(suite, made, difference);
      const files = save === undefined ? [] : suite.save(shrunk.failing, shrunk.difference, save);
      onFailure?.(files, failureText(suite, shrunk, seed, index));
      if (totals.failures >= mostFailures) break;
    }
    if (performance.now() - told > PROGRESS_MS) {
      onProgress?.(totals);
      told = performance.now();
    }
  }
  return totals;
}

function failureText<C>(suite: Suite<C>, shrunk: Shrunk<C>, seed: number, index: number): string {
  const { failing, difference, attempts } = shrunk;
  const fields = difference.fields.map(
    ({ field, reference, other }) => `  ${field}: reference ${reference}, ${difference.tier} ${other}`,
  );
  return [
    `seed ${seed}, case ${index}: tier ${difference.tier} differs in run ${difference.run}; shrunk in ${attempts} steps`,
    ...fields,
    suite.describe(failing),
  ].join('\n');
}

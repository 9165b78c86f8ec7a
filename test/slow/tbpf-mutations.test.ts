import { expect, test } from 'vitest';
import { runMutations } from '../../adapters/tbpf/src/mutations.fixture.ts';

const CASES = 100_000;
/** A case of a few hundred microseconds, on a machine that is busy with something else. */
const CASE_MS = 5000;
const MEGABYTE = 1024 * 1024;

/** Another seed tries other mutations: SWITCHYARD_SEED=7 npx vitest run -c … test/slow. */
const seed = Number(process.env['SWITCHYARD_SEED'] ?? 20260);

test(`100,000 mutated ELF files leave no exception, no hang, and bounded memory (seed ${seed})`, {
  timeout: 600_000,
}, () => {
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const counts = runMutations(seed, CASES, CASE_MS);
  const grown = (process.memoryUsage().rss - before) / MEGABYTE;
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `seed ${seed}: ${JSON.stringify(counts)}, ${seconds.toFixed(0)} s, ${grown.toFixed(0)} MB more`,
  );
  expect(counts.refused + counts.unverified + counts.faulted + counts.done).toBe(CASES);
  expect(grown).toBeLessThan(1024);
});

import { expect, test } from 'vitest';
import { mutationInputs } from '../../adapters/legacy/src/fuzz/inputs.fixture.ts';
import { runMutations } from '../../adapters/legacy/src/fuzz/run-mutations.fixture.ts';

const count = 100_000;
const seed = Number(process.env['SWITCHYARD_SEED'] ?? 20260);

test(`${count} mutations of legacy modules, seed ${seed}: nothing escapes, nothing hangs, both tiers agree`, () => {
  const result = runMutations(mutationInputs(), count, seed);
  expect(result.mutations).toBe(count);
  expect(result.decoded).toBeGreaterThan(count / 4);
  expect(result.runs).toBeGreaterThan(count / 4);
});

import { expect, test } from 'vitest';
import { mutationInputs } from './inputs.fixture.ts';
import { runMutations } from './run-mutations.fixture.ts';

const count = 3000;
const seed = 20_260_101;

test(`${count} mutations of wire bytes, seed ${seed}: nothing escapes, and both tiers agree`, () => {
  const before = process.memoryUsage().heapUsed;
  const result = runMutations(mutationInputs(), count, seed);
  expect(result.mutations).toBe(count);
  // Mutations that never get past the decoder would test nothing.
  expect(result.decoded).toBeGreaterThan(count / 4);
  expect(result.runs).toBeGreaterThan(count / 4);
  expect(result.outcomes.size).toBeGreaterThan(10);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(512 * 1024 * 1024);
}, 900_000);

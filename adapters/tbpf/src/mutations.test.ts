import { expect, test } from 'vitest';
import { runMutations } from './mutations.fixture.ts';

// The long version is test/slow/tbpf-mutations.test.ts.
test('2,000 mutated files pass through loader, verifier, machine, engine and tools without an exception', () => {
  const counts = runMutations(1, 2000, 2000);
  expect(counts.refused + counts.unverified + counts.faulted + counts.done).toBe(2000);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(20);
});

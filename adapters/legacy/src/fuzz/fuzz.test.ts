import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { hexToBytes } from '@switchyard/core';
import { expect, test } from 'vitest';
import { runMutations } from './run-mutations.fixture.ts';

const contracts = new URL('../../../../fixtures/contracts/legacy/', import.meta.url);
const vectors = new URL('../../../../fixtures/vectors/legacy/', import.meta.url);

/** Modules to mutate: the contracts, and some vectors of the families that do most. */
function inputs(): Uint8Array[] {
  const modules: Uint8Array[] = readdirSync(contracts)
    .filter((name) => name.endsWith('.module'))
    .map((name) => new Uint8Array(readFileSync(new URL(name, contracts))));
  for (const family of ['random', 'silex', 'alias', 'iterator', 'match']) {
    const text = gunzipSync(readFileSync(new URL(`${family}.jsonl.gz`, vectors))).toString('utf8');
    for (const line of text.split('\n').slice(0, 60)) {
      const code = /"code":"([0-9a-f]+)"/.exec(line)?.[1];
      if (code !== undefined && code.length < 4000) modules.push(hexToBytes(code)!);
    }
  }
  return modules;
}

/** `LEGACY_MUTATIONS=100000` runs the long form. */
const count = Number(process.env['LEGACY_MUTATIONS'] ?? 3000);
const seed = Number(process.env['LEGACY_SEED'] ?? 20_260_101);

test(`${count} mutations of wire bytes, seed ${seed}: nothing escapes, and both tiers agree`, () => {
  const before = process.memoryUsage().heapUsed;
  const result = runMutations(inputs(), count, seed);
  expect(result.mutations).toBe(count);
  // Mutations that never get past the decoder would test nothing.
  expect(result.decoded).toBeGreaterThan(count / 4);
  expect(result.runs).toBeGreaterThan(count / 4);
  expect(result.outcomes.size).toBeGreaterThan(10);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(512 * 1024 * 1024);
}, 900_000);

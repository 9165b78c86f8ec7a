import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { assembleBench } from './bare-runner.ts';
import { BENCH_HEAP_BYTES, benchInput, benchPrograms, benchVersions } from './programs.ts';
import { createTwin } from './twins.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../../../fixtures/bench/tbpf/${file}`, import.meta.url), 'utf8').trim();

/** What the file says of a version of a program. */
interface Truth {
  readonly functions: readonly (readonly number[])[];
  readonly r0: string;
  readonly instructions: string;
  readonly inputAfter: string;
  readonly heapAfter: string;
}

const manifest = JSON.parse(read('manifest.json')) as Readonly<
  Record<string, { readonly heap: number; readonly programs: Readonly<Record<string, Truth>> }>
>;
const hashOf = (bytes: Uint8Array): string => `sha256:${bytesToHex(sha256(bytes))}`;

test('the programs are those of the fixtures', () => {
  expect(benchPrograms.map(({ name }) => name)).toEqual(Object.keys(manifest));
  expect(new Set(Object.values(manifest).map(({ heap }) => heap))).toEqual(new Set([BENCH_HEAP_BYTES]));
});

describe.each(benchPrograms)('$name', (program) => {
  const truths = manifest[program.name]!.programs;

  test.each(benchVersions)('is the text of the fixtures in v%s, with the same truth', (version) => {
    const { text, functions } = assembleBench(program.source(version), version);
    const truth = truths[`v${version}`]!;
    expect(bytesToHex(text)).toBe(read(`${program.name}.v${version}.hex`));
    if (version === 0) {
      const called = functions.filter(([, , name]) => name !== 'entrypoint').map(([key, pc]) => [key, pc]);
      expect(called).toEqual(truth.functions.filter(([key]) => key !== 0));
    }
    expect(`${program.r0}`).toBe(truth.r0);
    expect(`${program.instructions[version]}`).toBe(truth.instructions);
  });

  test("gives the result and the memory of the file on the program's twin", () => {
    const twin = createTwin(program.name);
    twin.memory.set(benchInput(program));
    expect(twin.run()).toBe(program.r0);
    const { inputAfter, heapAfter } = truths['v0']!;
    const bytes = twin.memory.subarray(0, BENCH_HEAP_BYTES);
    if (program.memory === 'input') expect(hashOf(bytes)).toBe(inputAfter);
    if (program.memory === 'heap') expect(hashOf(bytes)).toBe(heapAfter);
  });
});

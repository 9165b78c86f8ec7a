import type { Benchmark } from '@switchyard/core';
import { expect, test } from 'vitest';
import { runBenchmarks } from './run-benchmarks.ts';

/** A benchmark that only writes down what is done with it. */
function scripted(program: string, tier: Benchmark['tier'], told: string[], check?: () => void): Benchmark {
  return {
    program,
    tier,
    meter: tier === 'twin' ? 'off' : 'on',
    metric: 'ms-cold',
    prepare() {
      told.push(`prepare ${program} ${tier}`);
      return {
        units: 1,
        before: () => told.push(`before ${tier}`),
        run: () => told.push(`run ${tier}`),
        ...(check && { check }),
      };
    },
  };
}

test('benchmarks of a program run in turns, warm-ups first, each run made ready before it', async () => {
  const told: string[] = [];
  const report = await runBenchmarks([scripted('a', 'compiled', told), scripted('a', 'twin', told)], {
    runs: 5,
  });
  expect(told.slice(0, 6)).toEqual([
    'prepare a compiled',
    'prepare a twin',
    'before compiled',
    'run compiled',
    'before twin',
    'run twin',
  ]);
  expect(told.filter((line) => line === 'run twin')).toHaveLength(2 + 5);
  expect(report.results.map(({ program, tier, runs }) => [program, tier, runs])).toEqual([
    ['a', 'compiled', 5],
    ['a', 'twin', 5],
  ]);
  expect(report.ratios.map(({ ratio, program }) => [ratio, program])).toEqual([['compiled / twin', 'a']]);
  expect(report.meanRatios[0]?.geometricMean).toBeCloseTo(report.ratios[0]!.median, 2);
});

test('only the programs whose name has the text are measured', async () => {
  const told: string[] = [];
  const report = await runBenchmarks([scripted('a_one', 'twin', told), scripted('b_two', 'twin', told)], {
    only: 'b_',
  });
  expect(report.results.map(({ program }) => program)).toEqual(['b_two']);
  expect(told).not.toContain('prepare a_one twin');
});

test('a text that no name has is refused with the names that there are', async () => {
  const told: string[] = [];
  const benchmarks = [
    scripted('a', 'compiled', told),
    scripted('a', 'twin', told),
    scripted('b', 'twin', told),
  ];
  await expect(runBenchmarks(benchmarks, { only: 'zzz' })).rejects.toMatchObject({
    code: 'USAGE_INVALID',
    message: '--only: no program has "zzz" in its name; programs: a, b.',
  });
  expect(told).toEqual([]);
});

test('a wrong result ends the measurement: it makes no speed', async () => {
  const wrong = scripted('a', 'twin', [], () => {
    throw new Error('r0 is 1');
  });
  await expect(runBenchmarks([wrong])).rejects.toThrow('r0 is 1');
});

import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { type Benchmark, VmError } from '@switchyard/core';
import { groupBy } from './group-by.ts';
import { type BenchResult, measureTogether, summarise } from './measure.ts';
import { type BenchRatio, type MeanRatio, meanRatios, ratiosOf } from './ratios.ts';

/** Where a report was measured. */
export interface BenchMachine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMiB: number;
  readonly platform: string;
  readonly node: string;
  readonly v8: string;
}

/** What `switchyard bench` writes with `--json`. */
export interface BenchReport {
  readonly schemaVersion: 1;
  readonly machine: BenchMachine;
  readonly results: readonly BenchResult[];
  readonly ratios: readonly BenchRatio[];
  readonly meanRatios: readonly MeanRatio[];
}

/** How to measure. */
export interface BenchOptions {
  /** Rounds that count. Default: 5. */
  readonly runs?: number;
  /** Only programs whose name has this. */
  readonly only?: string | undefined;
  /** Called as soon as benchmarks that belong together have been measured. */
  readonly onResults?: (results: readonly BenchResult[], ratios: readonly BenchRatio[]) => void;
}

/**
 * Measures benchmarks; those of one program and metric in turns, so that their ratios hold on a machine that has other things to do.
 * @throws Error when a run's result is wrong; VmError USAGE_INVALID when no program has the name.
 */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  { runs = 5, only = '', onResults }: BenchOptions = {},
): Promise<BenchReport> {
  const wanted = benchmarks.filter(({ program }) => program.includes(only));
  if (wanted.length === 0 && only !== '') {
    const programs = [...new Set(benchmarks.map(({ program }) => program))].join(', ');
    throw new VmError(
      'USAGE_INVALID',
      `--only: no program has "${only}" in its name; programs: ${programs}.`,
    );
  }
  const results: BenchResult[] = [];
  const ratios: BenchRatio[] = [];
  for (const group of groupBy(wanted, ({ program, metric }) => `${program}\n${metric}`)) {
    const measured = await measureTogether(group, runs);
    const groupResults = measured.map(({ benchmark: { program, tier, meter, metric }, values }) => ({
      program,
      tier,
      meter,
      metric,
      ...summarise(values),
    }));
    const groupRatios = ratiosOf(measured);
    results.push(...groupResults);
    ratios.push(...groupRatios);
    onResults?.(groupResults, groupRatios);
  }
  return { schemaVersion: 1, machine: describeMachine(), results, ratios, meanRatios: meanRatios(ratios) };
}

function describeMachine(): BenchMachine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, BenchmarkMetric, PreparedBenchmark } from '@switchyard/core';

/** A benchmark's figures over some rounds, in the unit of its metric. */
export interface BenchResult extends Pick<Benchmark, 'program' | 'tier' | 'meter' | 'metric'> {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** What a benchmark took, round by round. */
export interface Measured {
  readonly benchmark: Benchmark;
  readonly values: readonly number[];
}

/** Rounds before those that count. Calls are short: it takes many until the host has made its best code of them. */
const WARMUPS: Readonly<Record<BenchmarkMetric, number>> = {
  mips: 3,
  'us-per-call': 10,
  'ms-cold': 2,
  'ms-compile': 6,
};

/** Lets the host's background compiler finish what a warm-up has asked for. */
const REST_MS = 15;

/**
 * Measures benchmarks that are compared with each other: all once, then all again, so that whatever else the machine does meets all
 * alike. @throws Error when a run's result is wrong.
 */
export async function measureTogether(
  benchmarks: readonly Benchmark[],
  runs: number,
): Promise<readonly Measured[]> {
  const prepared = benchmarks.map((benchmark) => ({
    benchmark,
    work: benchmark.prepare(),
    values: [] as number[],
  }));
  const warmups = Math.max(...benchmarks.map(({ metric }) => WARMUPS[metric]));
  for (let round = 0; round < warmups; round++) {
    for (const { work } of prepared) runOnce(work);
    await sleep(REST_MS);
  }
  for (let round = 0; round < runs; round++) {
    // Another one begins each round: what one leaves to the garbage collector the next one pays.
    const first = round % prepared.length;
    for (const { benchmark, work, values } of [...prepared.slice(first), ...prepared.slice(0, first)]) {
      values.push(figureOf(benchmark, work, runOnce(work)));
    }
  }
  return prepared.map(({ benchmark, values }) => ({ benchmark, values }));
}

/**
 * One run in milliseconds: by the clock or by the process's time on a processor, whichever is less. While others have the processor
 * only the clock goes on; while the host compiles on further threads the processors' time goes on faster.
 */
function runOnce({ before, run, check }: PreparedBenchmark): number {
  before?.();
  const usedBefore = process.cpuUsage();
  const start = performance.now();
  run();
  const took = performance.now() - start;
  const { user, system } = process.cpuUsage(usedBefore);
  check?.();
  // A run that is shorter than the processor's accounting has the clock alone.
  const used = (user + system) / 1000;
  return used > 0 ? Math.min(took, used) : took;
}

function figureOf({ metric }: Benchmark, { units }: PreparedBenchmark, ms: number): number {
  if (metric === 'mips') return units / 1000 / ms;
  return metric === 'us-per-call' ? (ms * 1000) / units : ms / units;
}

/** Median, least and largest, with the digits that mean something. */
export function summarise(values: readonly number[]): Pick<BenchResult, 'median' | 'min' | 'max' | 'runs'> {
  const sorted = [...values].sort((left, right) => left - right);
  const runs = sorted.length;
  return {
    median: rounded((sorted[(runs - 1) >> 1]! + sorted[runs >> 1]!) / 2),
    min: rounded(sorted[0]!),
    max: rounded(sorted[runs - 1]!),
    runs,
  };
}

/** True when the rounds differ so much that the median says little: another program had the machine, or the host was not warm. */
export function isWide({ min, max }: Pick<BenchResult, 'min' | 'max'>): boolean {
  return max > 2 * min;
}

function rounded(value: number): number {
  return value >= 100 ? Math.round(value * 10) / 10 : Number(value.toPrecision(4));
}

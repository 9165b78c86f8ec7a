import type { EngineTier } from '../vm/execution-result.ts';

/**
 * What is measured: million instructions a second; microseconds a call; milliseconds until the result of a program that was never seen
 * before; milliseconds that making machine code of a program takes.
 */
export type BenchmarkMetric = 'mips' | 'us-per-call' | 'ms-cold' | 'ms-compile';

/** A tier, or the `twin`: the same algorithm written by hand in WebAssembly, the most that the host can give. */
export type BenchmarkTier = EngineTier | 'twin';

/** One thing that an engine offers to be timed. Whoever times it has the clock; the engine has none. */
export interface Benchmark {
  /** Benchmarks of the same program and metric are compared with each other, and run in turns. */
  readonly program: string;
  readonly tier: BenchmarkTier;
  /** Whether gas is counted. */
  readonly meter: 'on' | 'off';
  readonly metric: BenchmarkMetric;
  /** Loads what the runs share. */
  prepare(): PreparedBenchmark;
}

/** A benchmark ready to run any number of times. */
export interface PreparedBenchmark {
  /** Work of one run: instructions for `mips`, calls for `us-per-call`, 1 for milliseconds. */
  readonly units: number;
  /** Comes before each run; not timed. */
  readonly before?: () => void;
  /** What is timed. */
  readonly run: () => void;
  /** Comes after each run; not timed. @throws Error when the run's result is not what it must be: that makes no speed. */
  readonly check?: () => void;
}

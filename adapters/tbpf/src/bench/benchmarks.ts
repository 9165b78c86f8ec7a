import type { Benchmark } from '@switchyard/core';
import type { TbpfTools } from '../tools.ts';
import { callBenchmarks } from './calls.ts';
import { compileBenchmarks } from './compilation.ts';
import { coldBenchmarks, speedBenchmarks } from './speed.ts';

/** All that the engine offers to be timed. */
export function tbpfBenchmarks(tools: TbpfTools): readonly Benchmark[] {
  return [
    ...speedBenchmarks(tools.tiers),
    ...coldBenchmarks(tools.tiers),
    ...callBenchmarks(tools),
    ...compileBenchmarks(),
  ];
}

import { isDeepStrictEqual } from 'node:util';
import type { EngineTier, EngineTools, VectorCase } from '@switchyard/core';

/** One program's speed on one tier: million instructions a second, or microseconds a call. */
export interface BenchResult {
  readonly program: string;
  readonly tier: EngineTier;
  /** How gas is counted: `strict`, at every instruction. */
  readonly meter: 'strict';
  readonly metric: 'mips' | 'us-per-call';
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/**
 * Runs a vector `runs` times after one warm-up. Load and verification are part of the time; against tens of millions of instructions
 * they do not show. @throws when a run does not end as the vector expects: a wrong number of instructions makes no speed.
 */
export function measure(tools: EngineTools, vector: VectorCase, tier: EngineTier, runs: number): BenchResult {
  runChecked(tools, vector, tier);
  const speeds = Array.from({ length: runs }, () => {
    const start = performance.now();
    const instructions = runChecked(tools, vector, tier);
    return instructions / 1000 / (performance.now() - start);
  });
  return summarise(vector.id, tier, 'mips', speeds);
}

/** Median, least and largest of several measurements, in the unit of the metric. */
export function summarise(
  program: string,
  tier: EngineTier,
  metric: BenchResult['metric'],
  measured: readonly number[],
): BenchResult {
  const sorted = [...measured].sort((left, right) => left - right);
  const runs = sorted.length;
  const digits = metric === 'mips' ? 10 : 1000;
  const rounded = (value: number): number => Math.round(value * digits) / digits;
  return {
    program,
    tier,
    meter: 'strict',
    metric,
    median: rounded((sorted[(runs - 1) >> 1]! + sorted[runs >> 1]!) / 2),
    min: rounded(sorted[0]!),
    max: rounded(sorted[runs - 1]!),
    runs,
  };
}

function runChecked(tools: EngineTools, vector: VectorCase, tier: EngineTier): number {
  const { native } = tools.runVector(vector, tier);
  for (const [field, wanted] of Object.entries(vector.expect)) {
    if (wanted !== null && !isDeepStrictEqual(native[field], wanted)) {
      throw new Error(`${vector.id}: ${field} differs from what the file says.`);
    }
  }
  return Number(native['instructions']);
}

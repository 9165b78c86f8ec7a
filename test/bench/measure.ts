import type { EngineTier, EngineTools, VectorCase } from '@switchyard/core';

/** One program's speed on one tier, in million instructions a second. */
export interface BenchResult {
  readonly program: string;
  readonly tier: EngineTier;
  /** How gas is counted: `strict`, at every instruction. */
  readonly meter: 'strict';
  readonly metric: 'mips';
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
  }).sort((left, right) => left - right);
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  return {
    program: vector.id,
    tier,
    meter: 'strict',
    metric: 'mips',
    median: rounded((speeds[(runs - 1) >> 1]! + speeds[runs >> 1]!) / 2),
    min: rounded(speeds[0]!),
    max: rounded(speeds[runs - 1]!),
    runs,
  };
}

function runChecked(tools: EngineTools, vector: VectorCase, tier: EngineTier): number {
  const { native } = tools.runVector(vector, tier);
  for (const [field, wanted] of Object.entries(vector.expect)) {
    if (native[field] !== wanted) {
      throw new Error(`${vector.id}: ${field}: expected ${wanted}, found ${native[field]}`);
    }
  }
  return Number(native['instructions']);
}

import type { EngineTier, EngineTools, VectorCase, VectorObservation } from '@switchyard/core';

/** Runs vectors that are the same but for input and limit, one after another, as one tier does. */
export type TierSession = (vector: VectorCase) => VectorObservation;

/** A tier to be compared. */
export interface FuzzTier {
  readonly name: string;
  /** Called once a program, before its runs. */
  open(): TierSession;
}

/** The tiers of an engine, the reference first. */
export function tiersOf(tools: EngineTools): readonly FuzzTier[] {
  const ofTier = (tier: EngineTier): FuzzTier => ({
    name: tier,
    open: () => (vector) => tools.runVector(vector, tier),
  });
  return ['reference' as const, ...tools.tiers.filter((tier) => tier !== 'reference')].map(ofTier);
}

import type { VectorCase, VectorObservation } from '@switchyard/core';
import type { TbpfTools } from '@switchyard/tbpf';

/** Runs vectors that are the same but for input and limit, one after another, as one tier does. */
export type TierSession = (vector: VectorCase) => VectorObservation;

/** A tier to be compared. */
export interface FuzzTier {
  readonly name: string;
  /** Called once a program, before its runs. */
  open(): TierSession;
}

/** The engine's tiers, the reference first; and compiled code that is made with a profile, right or wrong. */
export function tiersOf(tools: TbpfTools): readonly FuzzTier[] {
  const tiers: FuzzTier[] = tools.tiers.map((tier) => ({
    name: tier,
    open: () => tools.vectorSession(tier),
  }));
  if (tools.tiers.includes('compiled')) {
    tiers.push(
      { name: 'compiled with a profile', open: () => tools.vectorSession('compiled', 'seen') },
      { name: 'compiled with a wrong profile', open: () => tools.vectorSession('compiled', 'arbitrary') },
    );
  }
  return tiers;
}

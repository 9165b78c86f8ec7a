import type { Difference, Suite } from './suite.ts';

/** A simplified case that still fails. */
export interface Shrunk<C> {
  readonly failing: C;
  readonly difference: Difference;
  /** Cases tried. */
  readonly attempts: number;
}

/** Takes every simplification under which the same tier still differs, until none is left or `most` cases have been tried. */
export function shrink<C>(suite: Suite<C>, failing: C, difference: Difference, most = 5000): Shrunk<C> {
  let best = failing;
  let found = difference;
  let attempts = 0;
  let isSimpler = true;
  while (isSimpler && attempts < most) {
    isSimpler = false;
    for (const candidate of suite.simpler(best, found)) {
      if (++attempts > most) break;
      const { difference: still } = suite.check(candidate);
      if (still === undefined || still.tier !== difference.tier) continue;
      best = candidate;
      found = still;
      isSimpler = true;
      break;
    }
  }
  return { failing: best, difference: found, attempts };
}

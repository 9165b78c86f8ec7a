import type { TransactionResult } from '@switchyard/core';
import { describeOutcome } from '../describe/describe-outcome.ts';

/** What vitest wants of a matcher. */
export interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * A verdict on a call. @param wish what was expected, such as `to succeed`; @param found what was there instead. The whole outcome
 * follows in the message, so that a failed test rarely needs a second run.
 */
export function verdict(outcome: TransactionResult, pass: boolean, wish: string, found: string): Verdict {
  // vitest asks for the message when the test fails: after `.not` that is when the wish came true.
  const sentence = `expected the call ${pass ? 'not ' : ''}${wish}, and it ${found}`;
  return { pass, message: () => `${sentence}\n\n${describeOutcome(outcome)}` };
}

/** @throws TypeError naming the matcher when the value is no outcome, which otherwise would fail somewhere inside. */
export function requireOutcome(matcher: string, value: unknown): asserts value is TransactionResult {
  const isOutcome =
    typeof value === 'object' && value !== null && 'status' in value && 'gas' in value && 'result' in value;
  if (isOutcome) return;
  const found = value === null ? 'null' : typeof value;
  throw new TypeError(
    `${matcher} takes the outcome of a call or a deployment, such as expect(counter.call(0)); it was given: ${found}`,
  );
}

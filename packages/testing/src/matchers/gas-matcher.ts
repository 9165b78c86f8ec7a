import { requireOutcome, type Verdict, verdict } from './verdict.ts';

/** An exact number of units, or bounds that the number itself may reach. */
export type ExpectedGas =
  | number
  | bigint
  | { readonly atLeast?: number | bigint; readonly atMost?: number | bigint };

/** Passes when the call was charged that much gas. */
export function toUseGas(received: unknown, expected: ExpectedGas): Verdict {
  requireOutcome('toUseGas', received);
  const { charged } = received.gas;
  const bounds = typeof expected === 'object' ? expected : { atLeast: expected, atMost: expected };
  const { atLeast, atMost } = bounds;
  if (atLeast === undefined && atMost === undefined) {
    throw new TypeError('toUseGas takes a number of units, or { atLeast, atMost } with one of them');
  }
  const isEnough = atLeast === undefined || charged >= BigInt(atLeast);
  const isLittle = atMost === undefined || charged <= BigInt(atMost);
  return verdict(received, isEnough && isLittle, `to use ${describe(expected)}`, foundText(charged, bounds));
}

function describe(expected: ExpectedGas): string {
  if (typeof expected !== 'object') return `${expected} gas`;
  const { atLeast, atMost } = expected;
  const parts = [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
  ];
  return `${parts.join(' and ')} gas`;
}

function foundText(charged: bigint, { atLeast, atMost }: Exclude<ExpectedGas, number | bigint>): string {
  if (atMost !== undefined && charged > BigInt(atMost))
    return `used ${charged}, ${charged - BigInt(atMost)} more`;
  if (atLeast !== undefined && charged < BigInt(atLeast)) {
    return `used ${charged}, ${BigInt(atLeast) - charged} less`;
  }
  return `used ${charged}`;
}

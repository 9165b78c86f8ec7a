import { argumentsText } from '../compare/describe-call.ts';
import { hex } from '../mapping/canonical.ts';
import { accountNames } from '../report/account-names.ts';
import type { ShrunkCall } from '../report/report.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';

/** A sequence for people, accounts by the names that the suite gives them. */
export function describeSequence(suite: Suite, calls: readonly SuiteCall[]): readonly ShrunkCall[] {
  const names = accountNames(suite);
  return calls.map((call) => ({
    entry: call.entry,
    args: argumentsText(suite, call),
    from: names.get(hex(call.sender)) ?? hex(call.sender),
    value: `${call.value}`,
    height: `${call.block.height ?? 0n}`,
  }));
}

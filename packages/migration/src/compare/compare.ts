import { type EngineModules, openSide } from '../app/open-side.ts';
import { CONSTRUCTOR } from '../mapping/compile-mapping.ts';
import type { PerSide } from '../mapping/mapping.ts';
import { accountNames } from '../report/account-names.ts';
import { assembleReport } from '../report/assemble-report.ts';
import { Listing } from '../report/listing.ts';
import type { Report } from '../report/report.ts';
import type { Side } from '../sides/side.ts';
import type { Suite } from '../suite/suite.ts';
import { type AcceptedRule, AcceptedRules } from './accepted.ts';
import { Comparison } from './comparison.ts';
import { argumentsText } from './describe-call.ts';
import { compareStates, digestState } from './final-state.ts';
import { traceCall } from './trace-call.ts';

/** How to compare. */
export interface CompareOptions {
  /** Engines, such as `[containerModule]` of `@switchyard/tbpf/module`. */
  readonly modules: EngineModules;
  readonly accepted?: readonly AcceptedRule[];
  /** The day on which rules expire or not, such as `2026-11-21`: given, so that a report depends on its inputs alone. */
  readonly today: string;
  /** Where the calls came from; by default `the suite`. */
  readonly input?: string;
}

/**
 * Runs a suite's calls on both sides, each on a state of its own, in this thread, and compares call by call.
 * @throws VmError SUITE_INVALID, or what keeps a side from being deployed.
 */
export function compare(suite: Suite, options: CompareOptions): Report {
  const sides = openSides(suite, options.modules);
  const rules = new AcceptedRules(options.accepted ?? [], options.today, accountNames(suite));
  const comparison = new Comparison(rules, suite.gas);
  const listing = new Listing();
  const { construct } = suite.start;
  const [old, fresh] = [sides.old.begin(), sides.new.begin()];
  if (construct !== undefined && old !== undefined && fresh !== undefined) {
    const call = { index: 0, entry: CONSTRUCTOR, args: argumentsText(suite, construct) };
    listing.add(comparison.add(call, old, fresh));
  }
  for (const [position, call] of suite.calls.entries()) {
    const described = { index: position + 1, entry: call.entry, args: argumentsText(suite, call) };
    listing.add(comparison.add(described, sides.old.run(call), sides.new.run(call)));
  }
  const first = listing.divergences.find(({ verdict }) => verdict === 'different');
  return assembleReport({
    suite,
    input: options.input ?? 'the suite',
    sides: { old: sides.old.parts, new: sides.new.parts },
    comparison,
    rules,
    accepted: options.accepted ?? [],
    listing,
    finalState: finalState(sides),
    first: first === undefined ? null : { call: first, detail: detailOf(suite, first.index, options) },
  });
}

function openSides(suite: Suite, modules: EngineModules): PerSide<Side> {
  return { old: openSide(suite, 'old', { modules }), new: openSide(suite, 'new', { modules }) };
}

function finalState(sides: PerSide<Side>): Report['finalState'] {
  const [old, fresh] = [digestState(sides.old.state()), digestState(sides.new.state())];
  const isEqual = old.sum === fresh.sum && old.lines === fresh.lines;
  return {
    lines: old.lines,
    differences: isEqual ? [] : compareStates(sides.old.state(), sides.new.state()),
  };
}

/** What both sides do in a call, found by running the calls before it once more. */
function detailOf(
  suite: Suite,
  index: number,
  { modules }: CompareOptions,
): NonNullable<Report['first']>['detail'] {
  const [old, fresh] = [openSide(suite, 'old', { modules }), openSide(suite, 'new', { modules })].map(
    (side) => {
      if (index === 0) return { trace: [], traceSkipped: 0, stateBefore: [] };
      side.begin();
      for (const call of suite.calls.slice(0, index - 1)) side.execute(call);
      return traceCall(side, suite.calls[index - 1]!);
    },
  );
  return { old: old!, new: fresh! };
}

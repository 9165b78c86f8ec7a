import { codeHash } from '@switchyard/core';
import { type EngineModules, openSide } from '../app/open-side.ts';
import { hex } from '../mapping/canonical.ts';
import { CONSTRUCTOR } from '../mapping/compile-mapping.ts';
import type { PerSide } from '../mapping/mapping.ts';
import { notCompared } from '../report/not-compared.ts';
import {
  LISTED_CALLS,
  LISTED_DIVERGENCES,
  REPORT_FORMAT,
  type Report,
  type ReportedSide,
} from '../report/report.ts';
import type { Side } from '../sides/side.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';
import { type AcceptedRule, AcceptedRules } from './accepted.ts';
import { type CallRecord, Comparison, type Divergence } from './comparison.ts';
import { compareStates, digestState } from './final-state.ts';
import { traceSide } from './trace-side.ts';

/** How to compare. */
export interface CompareOptions {
  /** Engines, such as `[containerModule]` of `@switchyard/tbpf/module`. */
  readonly modules: EngineModules;
  readonly accepted?: readonly AcceptedRule[];
  /** The day on which rules expire or not, such as `2026-11-21`. */
  readonly today: string;
  /** Where the calls came from; by default `the suite`. */
  readonly input?: string;
}

/**
 * Runs a suite's calls on both sides, each on a state of its own, in this thread, and compares call by call.
 * @throws VmError SUITE_INVALID, or what keeps a side from being deployed.
 */
export function compare(suite: Suite, options: CompareOptions): Report {
  const sides: PerSide<Side> = {
    old: openSide(suite, 'old', options),
    new: openSide(suite, 'new', options),
  };
  const rules = new AcceptedRules(options.accepted ?? [], options.today);
  const comparison = new Comparison(rules, suite.gas);
  const calls: CallRecord[] = [];
  const divergences: Divergence[] = [];
  const take = (record: CallRecord | Divergence): void => {
    if (calls.length < LISTED_CALLS) calls.push(plainRecord(record));
    if ('differences' in record && divergences.length < LISTED_DIVERGENCES) divergences.push(record);
  };
  const [begun, begunNew] = [sides.old.begin(), sides.new.begin()];
  if (begun !== undefined && begunNew !== undefined) {
    take(comparison.add(describeCall(suite, suite.start.construct!, 0), begun, begunNew));
  }
  for (const [index, call] of suite.calls.entries()) {
    take(comparison.add(describeCall(suite, call, index + 1), sides.old.run(call), sides.new.run(call)));
  }
  return assembleReport({
    suite,
    sides,
    comparison,
    rules,
    calls,
    divergences,
    input: options.input ?? 'the suite',
    accepted: options.accepted ?? [],
    detail: (divergence) => ({
      old: traceSide(suite, 'old', divergence.index, options),
      new: traceSide(suite, 'new', divergence.index, options),
    }),
  });
}

/** What a report is put together from. */
export interface ReportParts {
  readonly suite: Suite;
  readonly sides: PerSide<Side>;
  readonly comparison: Comparison;
  readonly rules: AcceptedRules;
  readonly accepted: readonly AcceptedRule[];
  readonly calls: readonly CallRecord[];
  readonly divergences: readonly Divergence[];
  readonly input: string;
  /** Looks closer at the first call that differs in a way that isn't accepted. */
  readonly detail: (divergence: Divergence) => NonNullable<Report['first']>['detail'];
}

/** The report of a finished comparison. Lists both final states. */
export function assembleReport(parts: ReportParts): Report {
  const { suite, sides, comparison, rules, calls, divergences } = parts;
  const [old, fresh] = [digestState(sides.old.state()), digestState(sides.new.state())];
  const stateDifferences =
    old.sum === fresh.sum && old.lines === fresh.lines
      ? []
      : compareStates(sides.old.state(), sides.new.state());
  const entries = comparison.summary();
  const sum = (pick: 'calls' | 'equal' | 'accepted' | 'different'): number =>
    entries.reduce((total, entry) => total + entry[pick], 0);
  const totals = {
    calls: sum('calls'),
    equal: sum('equal'),
    accepted: sum('accepted'),
    different: sum('different'),
    corrupt: 0,
  };
  const first = divergences.find(({ verdict }) => verdict === 'different');
  const isDifferent = totals.different > 0 || (stateDifferences.length > 0 && totals.accepted === 0);
  return {
    format: REPORT_FORMAT,
    suite: suite.name,
    input: parts.input,
    sides: { old: reportedSide(sides.old), new: reportedSide(sides.new) },
    verdict: isDifferent ? 'different' : totals.accepted > 0 ? 'accepted' : 'equal',
    totals,
    entries,
    unusedEntries: [...sides.old.parts.mapping.entries.keys()]
      .filter((name) => name !== CONSTRUCTOR && !entries.some(({ entry }) => entry === name))
      .sort(),
    coverage: { old: null, new: null },
    finalState: { lines: old.lines, differences: stateDifferences },
    first: first === undefined ? null : { call: first, detail: parts.detail(first) },
    divergences,
    calls,
    corrupt: [],
    accepted: parts.accepted.map((rule) => ({
      ...rule,
      uses: rules.used.get(rule.id) ?? 0,
      isExpired: rules.expired.includes(rule),
    })),
    notCompared: notCompared(sides.old.parts.mapping, sides),
  };
}

/** A call for the comparison, its arguments as text in which accounts have their names. */
export function describeCall(suite: Suite, call: SuiteCall, index: number) {
  const names = new Map([...suite.start.accounts].map(([name, address]) => [hex(address), name]));
  const shown = JSON.stringify(call.args, (_, value: unknown) =>
    typeof value === 'string' ? (names.get(value) ?? value) : value,
  );
  return { index, entry: call.entry, args: shown.slice(1, -1) };
}

function plainRecord({ index, entry, args, verdict, outcome, oldGas, newGas }: CallRecord): CallRecord {
  return { index, entry, args, verdict, outcome, oldGas, newGas };
}

function reportedSide({ parts: { suite, name, engine, engineVersion } }: Side): ReportedSide {
  const { name: file, code, options } = suite.sides[name];
  return {
    name: file,
    codeHash: hex(codeHash(code)).slice(2),
    size: code.length,
    engine,
    engineVersion,
    options,
  };
}

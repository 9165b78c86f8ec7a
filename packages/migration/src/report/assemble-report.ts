import { codeHash } from '@switchyard/core';
import type { AcceptedRule, AcceptedRules } from '../compare/accepted.ts';
import type { CallRecord, Comparison } from '../compare/comparison.ts';
import type { Difference } from '../compare/difference.ts';
import { hex } from '../mapping/canonical.ts';
import { CONSTRUCTOR } from '../mapping/compile-mapping.ts';
import type { PerSide, SideName } from '../mapping/mapping.ts';
import type { SideCounts } from '../observe/observe.ts';
import type { Suite } from '../suite/suite.ts';
import { accountNames } from './account-names.ts';
import type { Listing } from './listing.ts';
import { notCompared } from './not-compared.ts';
import { REPORT_FORMAT, type Report, type ReportedSide } from './report.ts';

/** What is known of a side at the end. */
export interface FinishedSide {
  readonly engine: string;
  readonly engineVersion: string;
  readonly seen: SideCounts;
}

/** What a report is put together from. */
export interface ReportParts {
  readonly suite: Suite;
  readonly input: string;
  readonly sides: PerSide<FinishedSide>;
  readonly comparison: Comparison;
  readonly rules: AcceptedRules;
  readonly accepted: readonly AcceptedRule[];
  readonly listing: Pick<Listing, 'calls' | 'divergences' | 'corrupt' | 'corruptCount'>;
  readonly finalState: { readonly lines: number; readonly differences: readonly Difference[] };
  readonly first: Report['first'];
  readonly coverage?: Report['coverage'];
  readonly shrunk?: Report['shrunk'];
}

/** The report of a finished comparison. */
export function assembleReport(parts: ReportParts): Report {
  const { suite, sides, comparison, rules, finalState } = parts;
  const entries = comparison.summary();
  const sum = (pick: 'calls' | 'equal' | 'accepted' | 'different'): number =>
    entries.reduce((total, entry) => total + entry[pick], 0);
  const totals = {
    calls: sum('calls'),
    equal: sum('equal'),
    accepted: sum('accepted'),
    different: sum('different'),
    corrupt: parts.listing.corruptCount,
  };
  // Where differences of calls are accepted, those of the final state may be what they left.
  const stateSpeaks = finalState.differences.length > 0 && totals.accepted === 0;
  const isDifferent = totals.different > 0 || stateSpeaks;
  return {
    format: REPORT_FORMAT,
    suite: suite.name,
    input: parts.input,
    sides: { old: reportedSide(suite, 'old', sides.old), new: reportedSide(suite, 'new', sides.new) },
    names: [...accountNames(suite)].sort(([a], [b]) => (a < b ? -1 : 1)),
    verdict: isDifferent
      ? 'different'
      : totals.corrupt > 0 || !entries.some(({ entry }) => entry !== CONSTRUCTOR)
        ? 'incomplete'
        : totals.accepted > 0
          ? 'accepted'
          : 'equal',
    totals,
    entries,
    unusedEntries: Object.keys(suite.mapping.entries)
      .filter((name) => !entries.some(({ entry }) => entry === name))
      .sort(),
    coverage: parts.coverage ?? { old: null, new: null },
    finalState,
    first: parts.first,
    shrunk: parts.shrunk ?? [],
    divergences: parts.listing.divergences,
    calls: parts.listing.calls,
    corrupt: parts.listing.corrupt,
    accepted: parts.accepted.map((rule) => ({
      ...rule,
      uses: rules.used.get(rule.id) ?? 0,
      isExpired: rules.expired.includes(rule),
    })),
    notCompared: notCompared(suite.mapping, entries, sides),
  };
}

/** A divergence or record without what only a divergence has. */
export function plainRecord(record: CallRecord): CallRecord {
  const { index, entry, args, verdict, outcome, oldGas, newGas } = record;
  return { index, entry, args, verdict, outcome, oldGas, newGas };
}

function reportedSide(suite: Suite, side: SideName, { engine, engineVersion }: FinishedSide): ReportedSide {
  const { name, code, options } = suite.sides[side];
  return { name, codeHash: hex(codeHash(code)).slice(2), size: code.length, engine, engineVersion, options };
}

import type { AccountNames } from './account-names.ts';
import type { Report } from './report.ts';
import {
  aboveRatioText,
  count,
  coverageText,
  differenceText,
  failureTitle,
  ratioText,
  shrunkCallText,
  stateDifferenceText,
  verdictSentence,
} from './words.ts';

/** Divergences and corrupt lines that a terminal shows. */
const SHOWN = 10;

/** The report for a terminal: plain text, every line of it safe to print when `printable` has made it so. */
export function toText(report: Report): string {
  const { suite, sides, input, totals } = report;
  const names = new Map(report.names);
  const lines = [
    `${suite}: ${report.verdict}`,
    verdictSentence(report),
    '',
    `  old    ${sides.old.name} (${sides.old.engine} ${sides.old.engineVersion})`,
    `  new    ${sides.new.name} (${sides.new.engine} ${sides.new.engineVersion})`,
    `  input  ${input}`,
    '',
    ...entryTable(report),
  ];
  if (report.coverage.old !== null || report.coverage.new !== null) {
    lines.push('', `  code reached, old   ${coverageText(report.coverage.old)}`);
    lines.push(`  code reached, new   ${coverageText(report.coverage.new)}`);
  }
  const failing = report.entries
    .filter(({ outcomes }) => !outcomes.some(([outcome]) => outcome === 'success'))
    .map(({ entry }) => entry);
  if (failing.length > 0) lines.push('', `  never ended in success: ${failing.join(', ')}`);
  if (report.unusedEntries.length > 0) lines.push('', `  never called: ${report.unusedEntries.join(', ')}`);
  const above = aboveRatioText(report);
  if (above !== undefined) lines.push('', `  ${above}`);
  for (const failure of report.shrunk) {
    lines.push('', `Fails: ${failureTitle(failure)}`);
    lines.push(...failure.calls.map((call, index) => `  ${index + 1}. ${shrunkCallText(call)}`));
    lines.push(...failure.divergence.differences.map((each) => `     ${differenceText(each, names)}`));
  }
  lines.push(...divergenceLines(report, names));
  lines.push(...finalStateLines(report, names));
  if (totals.corrupt > 0) {
    lines.push('', `${count(totals.corrupt, 'line')} of the input could not be read:`);
    lines.push(...report.corrupt.slice(0, SHOWN).map(({ line, reason }) => `  line ${line}: ${reason}`));
  }
  for (const { id, uses, reason, expires, isExpired } of report.accepted) {
    lines.push(
      '',
      `Accepted ${id}: ${count(uses, 'difference')}${isExpired ? ', EXPIRED' : ''} (until ${expires}). ${reason}`,
    );
  }
  return lines.join('\n');
}

function entryTable({ entries }: Report): readonly string[] {
  const rows = [
    ['entry', 'calls', 'equal', 'accepted', 'different', 'gas old', 'gas new', ''],
    ...entries.map(({ entry, calls, equal, accepted, different, gas }) => [
      entry,
      `${calls}`,
      `${equal}`,
      `${accepted}`,
      `${different}`,
      `${gas.old.median}`,
      `${gas.new.median}`,
      ratioText(gas.old.median, gas.new.median),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')}`.trimEnd(),
  );
}

function divergenceLines({ divergences, shrunk, totals }: Report, names: AccountNames): readonly string[] {
  if (shrunk.length > 0 || totals.different === 0) return [];
  const shown = divergences.filter(({ verdict }) => verdict === 'different').slice(0, SHOWN);
  const lines = shown.flatMap(({ index, entry, args, differences }) => [
    '',
    `Call ${index}, ${entry}(${args}):`,
    ...differences.map((each) => `  ${differenceText(each, names)}`),
  ]);
  const more = totals.different - shown.length;
  return more > 0 ? [...lines, '', `And ${count(more, 'call')} more.`] : lines;
}

function finalStateLines({ finalState }: Report, names: AccountNames): readonly string[] {
  const { differences } = finalState;
  if (differences.length === 0) return [];
  const more = differences.length - SHOWN;
  return [
    '',
    `The final states differ in ${count(differences.length, 'place')}:`,
    ...differences.slice(0, SHOWN).map((each) => `  ${stateDifferenceText(each, names)}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

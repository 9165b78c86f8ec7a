import { printable } from '@switchyard/core';
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

/** Divergences that the page lists. */
const SHOWN = 50;

/** The report as markdown, for a pull request or a wiki. */
export function toMarkdown(report: Report): string {
  const { suite, sides, input } = report;
  const names = new Map(report.names);
  const above = aboveRatioText(report);
  const lines = [
    `# Migration: ${cell(suite)}`,
    '',
    `**${report.verdict}.** ${verdictSentence(report)}`,
    '',
    '| | Build | Engine | sha-256 |',
    '|---|---|---|---|',
    ...(['old', 'new'] as const).map((side) => {
      const { name, engine, engineVersion, codeHash } = sides[side];
      return `| ${side} | ${cell(name)} | ${engine} ${engineVersion} | \`${codeHash}\` |`;
    }),
    '',
    `Input: ${cell(input)}. Code reached: old ${coverageText(report.coverage.old)}, new ${coverageText(report.coverage.new)}.`,
    '',
    '| Entry | Calls | Equal | Accepted | Different | Gas, old | Gas, new | |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...report.entries.map(({ entry, calls, equal, accepted, different, gas }) => {
      const ratio = ratioText(gas.old.median, gas.new.median);
      return `| ${cell(entry)} | ${calls} | ${equal} | ${accepted} | ${different} | ${gas.old.median} | ${gas.new.median} | ${ratio} |`;
    }),
    '',
    `Gas is the median of an entry’s calls.${above === undefined ? '' : ` ${cell(above)}`}`,
  ];
  for (const failure of report.shrunk) {
    lines.push('', `## Fails: ${cell(failureTitle(failure))}`, '');
    lines.push(...failure.calls.map((call, index) => `${index + 1}. \`${code(shrunkCallText(call))}\``), '');
    lines.push(...failure.divergence.differences.map((each) => `- \`${code(differenceText(each, names))}\``));
  }
  const different = report.divergences.filter(({ verdict }) => verdict === 'different');
  if (different.length > 0 && report.shrunk.length === 0) {
    lines.push('', '## Calls that came out differently', '');
    for (const { index, entry, args, differences } of different.slice(0, SHOWN)) {
      lines.push(`- call ${index}, \`${code(`${entry}(${args})`)}\``);
      lines.push(...differences.map((each) => `  - \`${code(differenceText(each, names))}\``));
    }
    const more = report.totals.different - Math.min(SHOWN, different.length);
    if (more > 0) lines.push('', `And ${count(more, 'call')} more.`);
  }
  if (report.finalState.differences.length > 0) {
    lines.push('', '## Final state', '');
    lines.push(
      ...report.finalState.differences
        .slice(0, SHOWN)
        .map((each) => `- \`${code(stateDifferenceText(each, names))}\``),
    );
  }
  if (report.totals.corrupt > 0) {
    lines.push('', '## Input that could not be read', '');
    lines.push(
      ...report.corrupt.slice(0, SHOWN).map(({ line, reason }) => `- line ${line}: ${cell(reason)}`),
    );
  }
  if (report.accepted.length > 0) {
    lines.push('', '## Accepted differences', '', '| Rule | Uses | Until | Reason |', '|---|---:|---|---|');
    lines.push(
      ...report.accepted.map(
        ({ id, uses, expires, isExpired, reason }) =>
          `| ${cell(id)} | ${uses} | ${expires}${isExpired ? ' (expired)' : ''} | ${cell(reason)} |`,
      ),
    );
  }
  lines.push('', '## Not compared', '', ...report.notCompared.map((sentence) => `- ${cell(sentence)}`));
  return `${lines.map(printable).join('\n')}\n`;
}

/** Text that cannot end a table's cell or begin markup. */
function cell(text: string): string {
  return text.replace(/[\\`*_|<>[\]]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
}

/** Text within backticks. */
function code(text: string): string {
  return text.replaceAll('`', '′').replace(/\s+/g, ' ');
}

import { escapeHtml, standalonePage } from '@switchyard/core';
import type { AccountNames } from './account-names.ts';
import { gasChart } from './html/gas-chart.ts';
import { PAGE_SCRIPT } from './html/page-script.ts';
import { PAGE_STYLE } from './html/page-style.ts';
import { sideColumns } from './html/side-columns.ts';
import { differenceTable, table } from './html/tables.ts';
import type { Report } from './report.ts';
import {
  aboveRatioText,
  count,
  coverageText,
  differenceText,
  differenceWords,
  failureTitle,
  ratioText,
  shrunkCallText,
  stateDifferenceWords,
  verdictSentence,
} from './words.ts';

/**
 * One page for people who sign: verdict, coverage, gas of each entry, the first divergence side by side, all listed divergences and calls,
 * searchable. Nothing is loaded from anywhere, and a policy in the page forbids it to. The same report gives the same bytes.
 */
export function toHtml(report: Report): string {
  const heading = escapeHtml(report.suite);
  const names = new Map(report.names);
  return standalonePage({
    title: `${report.suite}: migration report`,
    style: PAGE_STYLE,
    body: `<h1>${heading}</h1>
<p><strong class="verdict ${report.verdict}" id="verdict">${report.verdict}</strong> ${escapeHtml(verdictSentence(report))}</p>
${sidesSection(report)}
${shrunkSection(report, names)}
<h2>Entries</h2>
${entriesSection(report)}
<h2>Gas</h2>
<p>Medians; the lines go from the least to the greatest amount.<span class="key bar-old"></span>old<span class="key bar-new"></span>new</p>
${gasChart(report.entries)}
${firstSection(report, names)}
${finalStateSection(report, names)}
${divergenceSection(report)}
${corruptSection(report)}
${acceptedSection(report)}
<h2>Not compared</h2>
<ul>${report.notCompared.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>
${accountsSection(report)}
${callsSection(report)}`,
    data: dataOf(report, names),
    script: PAGE_SCRIPT,
  });
}

function sidesSection({ sides, input, coverage }: Report): string {
  const rows = (['old', 'new'] as const).map((side) => {
    const { name, engine, engineVersion, size, codeHash } = sides[side];
    return [
      side,
      name,
      `${engine} ${engineVersion}`,
      count(size, 'byte'),
      codeHash,
      coverageText(coverage[side]),
    ];
  });
  const columns = [
    ['side'],
    ['build'],
    ['engine'],
    ['size', 'n'],
    ['sha-256', 'whole'],
    ['code reached'],
  ] as const;
  return `${table(columns, rows)}
<p>Calls from ${escapeHtml(input)}.</p>`;
}

function entriesSection(report: Report): string {
  const { entries, unusedEntries } = report;
  const above = aboveRatioText(report);
  const rows = entries.map(({ entry, calls, equal, accepted, different, outcomes, gas }) => [
    entry,
    `${calls}`,
    `${equal}`,
    `${accepted}`,
    `${different}`,
    `${gas.old.median}`,
    `${gas.new.median}`,
    ratioText(gas.old.median, gas.new.median),
    outcomes.map(([outcome, times]) => `${outcome}: ${times}`).join(', '),
  ]);
  const unused =
    unusedEntries.length === 0 ? '' : `<p>Never called: ${escapeHtml(unusedEntries.join(', '))}.</p>`;
  const numbers = ['calls', 'equal', 'accepted', 'different', 'gas, old', 'gas, new', 'ratio'];
  const columns = [
    ['entry', 'name'],
    ...numbers.map((heading) => [heading, 'n'] as const),
    ['ends, as the old build had them'],
  ] as const;
  return `${table(columns, rows)}${unused}${above === undefined ? '' : `<p>${escapeHtml(above)}</p>`}`;
}

function shrunkSection({ shrunk }: Report, names: AccountNames): string {
  return shrunk
    .map((failure) => {
      const calls = failure.calls.map((call) => `<li><code>${escapeHtml(shrunkCallText(call))}</code></li>`);
      return `<h2>Fails: ${escapeHtml(failureTitle(failure))}</h2>
<ol>${calls.join('')}</ol>
${differenceTable(failure.divergence.differences.map((each) => differenceWords(each, names)))}`;
    })
    .join('\n');
}

function firstSection({ first }: Report, names: AccountNames): string {
  if (first === null) return '';
  const { index, entry, args, differences } = first.call;
  return `<h2>First divergence: call ${index}, <code>${escapeHtml(`${entry}(${args})`)}</code></h2>
${differenceTable(differences.map((each) => differenceWords(each, names)))}
${sideColumns(first, names)}`;
}

function finalStateSection({ finalState: { differences } }: Report, names: AccountNames): string {
  if (differences.length === 0) return '';
  return `<h2>Final state: ${count(differences.length, 'place')} differ</h2>${differenceTable(differences.map((each) => stateDifferenceWords(each, names)))}`;
}

function divergenceSection({ divergences, totals }: Report): string {
  if (divergences.length === 0) return '';
  const all = totals.different + totals.accepted;
  const more = all > divergences.length ? `<p>The first ${divergences.length} of ${all}.</p>` : '';
  return `<h2>Divergences</h2>
${searchForm('divergences', ['accepted', 'different'])}
<table><thead><tr><th class="n">#</th><th>call</th><th>verdict</th><th>differences</th></tr></thead><tbody id="divergences"></tbody></table>${more}`;
}

function corruptSection({ corrupt, totals }: Report): string {
  if (totals.corrupt === 0) return '';
  const rows = corrupt.map(({ line, reason }) => [`${line}`, reason]);
  const more =
    totals.corrupt > corrupt.length ? `<p>The first ${corrupt.length} of ${totals.corrupt}.</p>` : '';
  return `<h2>Input that could not be read</h2>${table([['line', 'n'], ['why']], rows)}${more}`;
}

function acceptedSection({ accepted }: Report): string {
  if (accepted.length === 0) return '';
  const rows = accepted.map(({ id, uses, expires, isExpired, reason }) => [
    id,
    `${uses}`,
    `${expires}${isExpired ? ', expired' : ''}`,
    reason,
  ]);
  return `<h2>Accepted differences</h2>${table([['rule', 'name'], ['uses', 'n'], ['until'], ['reason']], rows)}`;
}

function accountsSection({ names }: Report): string {
  const rows = names.map(([address, name]) => [name, address]);
  return `<h2>Accounts</h2>${table(
    [
      ['name', 'name'],
      ['address', 'whole'],
    ],
    rows,
  )}`;
}

function callsSection({ calls, totals }: Report): string {
  const more =
    calls.length < totals.calls
      ? `<p>The first ${calls.length} of ${totals.calls} calls; all are in the records of the replay.</p>`
      : '';
  return `<h2>Calls</h2>
${searchForm('calls', ['equal', 'accepted', 'different'])}
<table><thead><tr><th class="n">#</th><th>call</th><th>verdict</th><th>end</th><th class="n">gas, old</th><th class="n">gas, new</th></tr></thead><tbody id="calls"></tbody></table>
${more}<noscript><p>The lists of calls need JavaScript; everything else does not.</p></noscript>`;
}

function searchForm(list: string, verdicts: readonly string[]): string {
  const options = ['', ...verdicts]
    .map((value) => `<option value="${value}">${value === '' ? 'any verdict' : value}</option>`)
    .join('');
  return `<form role="search"><label>Search <input id="${list}-search" type="search" autocomplete="off"></label>
<select id="${list}-verdict" aria-label="verdict">${options}</select> <span id="${list}-found" role="status"></span></form>`;
}

/** What the page's script reads. */
function dataOf({ calls, divergences, names: listed }: Report, names: AccountNames): unknown {
  return {
    names: listed,
    calls: calls.map(({ index, entry, args, verdict, outcome, oldGas, newGas }) => [
      index,
      entry,
      args,
      verdict,
      outcome,
      oldGas,
      newGas,
    ]),
    divergences: divergences.map(({ index, entry, args, verdict, differences }) => [
      index,
      entry,
      args,
      verdict,
      differences.map((each) => differenceText(each, names)),
    ]),
  };
}

import { escapeHtml } from '@switchyard/core';
import type { Divergence } from '../compare/comparison.ts';
import type { Difference } from '../compare/difference.ts';
import { gasChart } from './html/gas-chart.ts';
import { PAGE_SCRIPT } from './html/page-script.ts';
import { PAGE_STYLE } from './html/page-style.ts';
import type { Report, SideDetail } from './report.ts';
import {
  count,
  coverageText,
  differenceText,
  failureTitle,
  shrunkCallText,
  valueText,
  verdictSentence,
} from './words.ts';

/**
 * One page for people who sign: verdict, coverage, gas of each entry, the first divergence side by side, all listed divergences and calls,
 * searchable. Nothing is loaded from anywhere, and a policy in the page forbids it to. The same report gives the same bytes.
 */
export function toHtml(report: Report): string {
  const heading = escapeHtml(report.suite);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${heading}: migration report</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${heading}</h1>
<p class="verdict ${report.verdict}" id="verdict">${report.verdict}</p>
<p>${escapeHtml(verdictSentence(report))}</p>
${sidesTable(report)}
<h2>Entries</h2>
${entriesTable(report)}
<h2>Gas</h2>
<p>Medians; the lines go from the least to the greatest amount.<span class="key" style="background:var(--old)"></span>old<span class="key" style="background:var(--new)"></span>new</p>
${gasChart(report.entries)}
${shrunkSection(report)}
${firstSection(report)}
${finalStateSection(report)}
${divergenceSection(report)}
${corruptSection(report)}
${acceptedSection(report)}
<h2>Not compared</h2>
<ul>${report.notCompared.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('')}</ul>
<h2>Calls</h2>
${searchForm('calls')}
<table><thead><tr><th class="n">#</th><th>call</th><th>verdict</th><th>end</th><th class="n">gas, old</th><th class="n">gas, new</th></tr></thead><tbody id="calls"></tbody></table>
${report.calls.length < report.totals.calls ? `<p>The first ${report.calls.length} of ${report.totals.calls} calls; all are in the records of the replay.</p>` : ''}
<noscript><p>The lists of calls need JavaScript; everything else does not.</p></noscript>
<script id="data" type="application/json">${dataOf(report)}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function sidesTable({ sides, input, coverage }: Report): string {
  const rows = (['old', 'new'] as const).map((side) => {
    const { name, engine, engineVersion, size, codeHash } = sides[side];
    return tableRow([
      side,
      name,
      `${engine} ${engineVersion}`,
      `${size} bytes`,
      codeHash,
      coverageText(coverage[side]),
    ]);
  });
  return `<table><thead><tr><th></th><th>build</th><th>engine</th><th>size</th><th>sha-256</th><th>code reached</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<p>Calls from ${escapeHtml(input)}.</p>`;
}

function entriesTable({ entries, unusedEntries }: Report): string {
  const rows = entries.map(({ entry, calls, equal, accepted, different, outcomes }) =>
    tableRow([
      entry,
      `${calls}`,
      `${equal}`,
      `${accepted}`,
      `${different}`,
      outcomes.map(([outcome, times]) => `${outcome}: ${times}`).join(', '),
    ]),
  );
  const unused =
    unusedEntries.length === 0 ? '' : `<p>Never called: ${escapeHtml(unusedEntries.join(', '))}.</p>`;
  return `<table><thead><tr><th>entry</th><th>calls</th><th>equal</th><th>accepted</th><th>different</th><th>ends, as the old build had them</th></tr></thead><tbody>${rows.join('')}</tbody></table>${unused}`;
}

function shrunkSection({ shrunk }: Report): string {
  return shrunk
    .map((failure) => {
      const calls = failure.calls.map((call) => `<li><code>${escapeHtml(shrunkCallText(call))}</code></li>`);
      return `<h2>Fails: ${escapeHtml(failureTitle(failure))}</h2>
<ol>${calls.join('')}</ol>
${differenceList(failure.divergence.differences)}`;
    })
    .join('\n');
}

function firstSection({ first }: Report): string {
  if (first === null) return '';
  const { call, detail } = first;
  return `<h2>First divergence: call ${call.index}, <code>${escapeHtml(`${call.entry}(${call.args})`)}</code></h2>
${differenceList(call.differences)}
<div class="sides">
${sideColumn('Old', call.old, detail.old)}
${sideColumn('New', call.new, detail.new)}
</div>`;
}

function sideColumn(
  title: string,
  seen: Divergence['old'],
  { trace, traceSkipped, stateBefore }: SideDetail,
): string {
  const error =
    seen.error === null ? '' : `<p>${escapeHtml(`${seen.error.code}: ${seen.error.message}`)}</p>`;
  const logs = seen.logs.length === 0 ? '' : `<p>Logs</p><pre>${escapeHtml(seen.logs.join('\n'))}</pre>`;
  const steps = trace.map(
    ({ pc, instruction, gasLeft }) => `${`${pc}`.padStart(6)}  ${gasLeft.padStart(10)}  ${instruction}`,
  );
  const skipped = traceSkipped === 0 ? '' : `… ${count(traceSkipped, 'step')} before\n`;
  const state = stateBefore.map(([place, value]) => `${place} = ${valueText(value)}`).join('\n');
  return `<div><h3>${title}: ${escapeHtml(seen.observation.outcome)}, ${seen.gas} gas</h3>
${error}<p>What it did</p><pre>${escapeHtml(JSON.stringify(seen.observation, null, 1))}</pre>
<p>State before</p><pre>${escapeHtml(state === '' ? 'empty' : state)}</pre>
${logs}<p>Trace: place, gas left, instruction</p><pre>${escapeHtml(skipped + steps.join('\n'))}</pre></div>`;
}

function finalStateSection({ finalState }: Report): string {
  if (finalState.differences.length === 0) return '';
  return `<h2>Final state: ${count(finalState.differences.length, 'place')} differ</h2>${differenceList(finalState.differences)}`;
}

function divergenceSection({ divergences, totals }: Report): string {
  if (divergences.length === 0) return '';
  const all = totals.different + totals.accepted;
  const more = all > divergences.length ? `<p>The first ${divergences.length} of ${all}.</p>` : '';
  return `<h2>Divergences</h2>
${searchForm('divergences')}
<table><thead><tr><th class="n">#</th><th>call</th><th>verdict</th><th>differences</th></tr></thead><tbody id="divergences"></tbody></table>${more}`;
}

function corruptSection({ corrupt, totals }: Report): string {
  if (totals.corrupt === 0) return '';
  const rows = corrupt.map(({ line, reason }) => tableRow([`line ${line}`, reason]));
  const more =
    totals.corrupt > corrupt.length ? `<p>The first ${corrupt.length} of ${totals.corrupt}.</p>` : '';
  return `<h2>Input that could not be read</h2><table><tbody>${rows.join('')}</tbody></table>${more}`;
}

function acceptedSection({ accepted }: Report): string {
  if (accepted.length === 0) return '';
  const rows = accepted.map(({ id, uses, expires, isExpired, reason }) =>
    tableRow([id, count(uses, 'difference'), `${isExpired ? 'expired' : 'until'} ${expires}`, reason]),
  );
  return `<h2>Accepted differences</h2><table><tbody>${rows.join('')}</tbody></table>`;
}

function searchForm(list: string): string {
  const options = ['', 'equal', 'accepted', 'different']
    .map((value) => `<option value="${value}">${value === '' ? 'any verdict' : value}</option>`)
    .join('');
  return `<form role="search"><label>Search <input id="${list}-search" type="search" autocomplete="off"></label>
<select id="${list}-verdict" aria-label="verdict">${options}</select> <span id="${list}-found" role="status"></span></form>`;
}

function differenceList(differences: readonly Difference[]): string {
  return `<ul>${differences.map((each) => `<li><code>${escapeHtml(differenceText(each))}</code></li>`).join('')}</ul>`;
}

function tableRow(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td class="mono">${escapeHtml(cell)}</td>`).join('')}</tr>`;
}

/** JSON in which no end tag and no comment can begin. */
function dataOf({ calls, divergences }: Report): string {
  const data = {
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
      differences.map(differenceText),
    ]),
  };
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

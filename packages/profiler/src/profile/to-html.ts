import { escapeHtml, formatLocation, printable, standalonePage } from '@switchyard/core';
import { grouped, percentOf } from '../names.ts';
import { frameText } from './frame-text.ts';
import { PAGE_SCRIPT } from './html/page-script.ts';
import { PAGE_STYLE } from './html/page-style.ts';
import { type FrameGas, gasByFrame, type LineGas, type Profile } from './profile.ts';

/** Rows of the tables below the graph. */
const SHOWN_ROWS = 50;

/**
 * One page with a flame graph and tables: nothing is loaded from anywhere, and a policy in the page forbids it to. Search, zoom, keyboard,
 * light and dark; the tables stand there without JavaScript, too. The same profile gives the same bytes.
 */
export function toHtml(profile: Profile, title: string): string {
  const { gasUsed, gasLimit, status, error, lines, isCut } = profile;
  const end = error === null ? status : `${status}: ${error}`;
  const frames = gasByFrame(profile);
  const heading = escapeHtml(printable(title));
  return standalonePage({
    title: `${printable(title)}: gas profile`,
    style: PAGE_STYLE,
    body: `<h1>${heading}</h1>
<p>${grouped(gasUsed)} gas of ${grouped(gasLimit)}, ${escapeHtml(end)}.${isCut ? ' There were too many different calls: some are put together.' : ''}</p>
<form role="search">
<label>Search <input id="search" type="search" autocomplete="off"></label>
<button id="out" type="button">Zoom out</button>
<span id="found" role="status"></span>
</form>
<div id="graph" class="flame-graph" role="tree" aria-label="Flame graph of gas: callers above, what they call below, as wide as its gas. Arrow keys move, Enter zooms in, Escape zooms out."></div>
<div id="told" aria-live="polite"></div>
<noscript><p>The graph needs JavaScript; the tables do not.</p></noscript>
${frameTable(frames, gasUsed)}
${lineTable(lines, gasUsed)}`,
    data: dataOf(profile),
    script: PAGE_SCRIPT,
  });
}

/** What the page's script reads. */
function dataOf({ frames, nodes }: Profile): unknown {
  return {
    frames: frames.map((frame) => ({
      kind: frame.kind,
      name: frameText(frame),
      ...(frame.source === undefined ? {} : { source: printable(formatLocation(frame.source)) }),
      ...(frame.kind === 'contract' && frame.contract !== undefined ? { contract: frame.contract } : {}),
    })),
    nodes: nodes.map(({ frame, depth, calls, self, total }) => [frame, depth, calls, `${self}`, `${total}`]),
  };
}

function frameTable(rows: readonly FrameGas[], whole: bigint): string {
  const body = rows.slice(0, SHOWN_ROWS).map(({ frame, self, total, calls }) => {
    const source = frame.source === undefined ? '' : ` (${printable(formatLocation(frame.source))})`;
    return [
      grouped(self),
      percentOf(self, whole),
      grouped(total),
      percentOf(total, whole),
      grouped(calls),
      `${frameText(frame)}${source}`,
    ];
  });
  return table(
    'Functions and syscalls',
    ['itself', '', 'with calls', '', 'calls', 'name'],
    body,
    rows.length,
  );
}

function lineTable(lines: readonly LineGas[], whole: bigint): string {
  if (lines.length === 0) return '';
  const body = lines
    .slice(0, SHOWN_ROWS)
    .map(({ source, gas }) => [grouped(gas), percentOf(gas, whole), printable(formatLocation(source))]);
  return table('Lines', ['gas', '', 'line'], body, lines.length);
}

function table(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  count: number,
): string {
  const head = heads.map((text) => `<th>${escapeHtml(text)}</th>`).join('');
  const body = rows
    .map((cells) => `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('\n');
  const more = count > rows.length ? `\n<p>And ${count - rows.length} more.</p>` : '';
  return `<h2>${title}</h2>\n<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>${more}`;
}

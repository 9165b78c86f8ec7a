import { escapeHtml, printable } from '@switchyard/core';
import { type GasDelta, isChanged } from './compare-gas.ts';

type Row = readonly [name: string, before: string, after: string, change: string, percent: string];

const HEADING: Row = ['name', 'before', 'after', 'change', ''];

/** The names whose gas changed as a table for a terminal, then a line that counts. */
export function formatGasTable(deltas: readonly GasDelta[]): string {
  const rows = deltas.filter(isChanged).map(rowOf);
  if (rows.length === 0) return countLine(deltas);
  const table = [HEADING, ...rows];
  const widths = HEADING.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map(([name, ...numbers]) =>
    [name.padEnd(widths[0]!), ...numbers.map((text, index) => text.padStart(widths[index + 1]!))]
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n${countLine(deltas)}`;
}

/** The same as a markdown table, for the description of a pull request. */
export function formatGasMarkdown(deltas: readonly GasDelta[]): string {
  const rows = deltas.filter(isChanged).map(rowOf);
  if (rows.length === 0) return countLine(deltas);
  const lines = rows.map(
    ([name, before, after, change, percent]) =>
      `| ${escapeCell(name)} | ${before} | ${after} | ${change} | ${percent} |`,
  );
  const head = ['| Gas | Before | After | Change | % |', '|---|---:|---:|---:|---:|'];
  return [...head, ...lines, '', countLine(deltas)].join('\n');
}

function rowOf({ name: raw, before, after }: GasDelta): Row {
  const name = printable(raw);
  if (before === undefined) return [name, '', `${after}`, 'new', ''];
  if (after === undefined) return [name, `${before}`, '', 'gone', ''];
  const change = after - before;
  return [name, `${before}`, `${after}`, signed(change), percentOf(change, before)];
}

function signed(change: bigint): string {
  return change > 0n ? `+${change}` : `${change}`;
}

/** In tenths, rounded to the nearest, in integers, so that the text is the same everywhere. */
function percentOf(change: bigint, before: bigint): string {
  if (before === 0n) return '';
  const size = change < 0n ? -change : change;
  const tenths = (size * 2000n + before) / (2n * before);
  return `${change < 0n ? '-' : '+'}${tenths / 10n}.${tenths % 10n} %`;
}

function countLine(deltas: readonly GasDelta[]): string {
  const count = (fits: (delta: GasDelta) => boolean) => deltas.filter(fits).length;
  const added = count(({ before }) => before === undefined);
  const gone = count(({ after }) => after === undefined);
  const both = (fits: (before: bigint, after: bigint) => boolean) =>
    count(({ before, after }) => before !== undefined && after !== undefined && fits(before, after));
  const parts = [
    [both((before, after) => after > before), 'more'],
    [both((before, after) => after < before), 'less'],
    [added, 'new'],
    [gone, 'gone'],
    [both((before, after) => after === before), 'as before'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `gas: ${said.join(', ') || 'nothing recorded'}`;
}

/** A test's name as plain text in a cell: neither markdown nor HTML. */
function escapeCell(text: string): string {
  return escapeHtml(text.replace(/[\\|`*_~[\]]/g, '\\$&'));
}

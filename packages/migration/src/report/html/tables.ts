import { escapeHtml } from '@switchyard/core';
import type { DifferenceWords } from '../words.ts';
import { markedText } from './marked-text.ts';

/** A column: its heading, and `n` for numbers, `name` for names, `mono` for what machines say, `whole` for bytes that nobody shortens. */
export type Column = readonly [heading: string, kind?: 'n' | 'name' | 'mono' | 'whole'];

/** A table of plain texts. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const head = columns.map(([heading, kind]) => `<th${classOf(kind)}>${escapeHtml(heading)}</th>`);
  const body = rows.map((cells) => {
    const marked = cells.map((cell, index) => {
      const kind = columns[index]?.[1];
      return `<td${classOf(kind)}>${kind === 'whole' ? escapeHtml(cell) : markedText(cell)}</td>`;
    });
    return `<tr>${marked.join('')}</tr>`;
  });
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** Differences, a row each, the sides next to each other. */
export function differenceTable(differences: readonly DifferenceWords[]): string {
  return table(
    [['differs'], ['where', 'mono'], ['old', 'mono'], ['new', 'mono']],
    differences.map(({ aspect, place, old, new: fresh }) => [aspect, place, old, fresh]),
  );
}

function classOf(kind: string | undefined): string {
  return kind === undefined ? '' : ` class="${kind === 'whole' ? 'mono' : kind}"`;
}

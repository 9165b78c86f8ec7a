import { escapeHtml } from '@switchyard/core';
import type { EntrySummary } from '../../compare/comparison.ts';
import { ratioText } from '../words.ts';

const NAME_WIDTH = 190;
const BAR_WIDTH = 620;
const NUMBER_WIDTH = 200;
const BAR = 12;
const ROW = 40;

/**
 * Bars of each entry's gas, old above new: as long as the median, with a line from least to greatest. A drawing without a program, so it is
 * there in print and without JavaScript.
 */
export function gasChart(entries: readonly EntrySummary[]): string {
  const most = Math.max(1, ...entries.flatMap(({ gas }) => [gas.old.max, gas.new.max]));
  const scale = (gas: number): string => ((BAR_WIDTH * gas) / most).toFixed(1);
  const rows = entries.map(({ entry, gas }, index) => {
    const top = index * ROW + 4;
    const bar = (side: 'old' | 'new', y: number): string => {
      const { min, median, max } = gas[side];
      const middle = y + BAR / 2;
      return `<rect class="bar-${side}" x="${NAME_WIDTH}" y="${y}" width="${scale(median)}" height="${BAR}"/>
<line class="span" x1="${NAME_WIDTH + Number(scale(min))}" x2="${NAME_WIDTH + Number(scale(max))}" y1="${middle}" y2="${middle}"/>
<text class="dim" x="${NAME_WIDTH + BAR_WIDTH + 8}" y="${y + 10}">${median} (${min} to ${max})</text>`;
    };
    return `<text x="0" y="${top + 16}">${escapeHtml(shortened(entry))} ${ratioText(gas.old.median, gas.new.median)}</text>
${bar('old', top)}
${bar('new', top + BAR + 2)}`;
  });
  const width = NAME_WIDTH + BAR_WIDTH + NUMBER_WIDTH;
  const height = entries.length * ROW + 4;
  return `<svg id="gas" viewBox="0 0 ${width} ${height}" width="100%" role="img" aria-label="Gas by entry, old and new: median bars, lines from least to greatest">
${rows.join('\n')}
</svg>`;
}

function shortened(name: string): string {
  return name.length > 20 ? `${name.slice(0, 19)}…` : name;
}

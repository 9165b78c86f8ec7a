import { formatLocation, printable } from '@switchyard/core';
import { grouped, percentOf } from '../names.ts';
import { frameText } from './frame-text.ts';
import { type FrameGas, gasByFrame, type LineGas, type Profile } from './profile.ts';

/** Rows of a table; what is cheaper is summed up in a last line. */
const SHOWN_ROWS = 20;

/** Tables of the most expensive functions, syscalls and lines. */
export function toText(profile: Profile): string {
  const { gasUsed, gasLimit, status, error, lines, isCut } = profile;
  const all = gasByFrame(profile);
  const syscalls = all.filter(({ frame }) => frame.kind === 'syscall');
  const others = all.filter(({ frame }) => frame.kind !== 'syscall' && frame.kind !== 'contract');
  const contracts = all.filter(({ frame }) => frame.kind === 'contract');
  const parts = [
    `${grouped(gasUsed)} gas of ${grouped(gasLimit)}, ${status}${error === null ? '' : `: ${error}`}`,
    table('contract', contracts, gasUsed),
    table('function', others, gasUsed),
    table('syscall', syscalls, gasUsed),
    lineTable(lines, gasUsed),
    isCut ? 'There were too many different calls: some are put together as (other calls).' : '',
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function table(title: string, rows: readonly FrameGas[], whole: bigint): string {
  if (rows.length === 0) return '';
  const lines = [row('self', '', 'total', '', 'calls', title)];
  for (const { frame, self, total, calls } of rows.slice(0, SHOWN_ROWS)) {
    const source = frame.source === undefined ? '' : `  ${printable(formatLocation(frame.source))}`;
    lines.push(
      row(
        grouped(self),
        percentOf(self, whole),
        grouped(total),
        percentOf(total, whole),
        grouped(calls),
        `${frameText(frame)}${source}`,
      ),
    );
  }
  const hidden = rows.slice(SHOWN_ROWS);
  if (hidden.length > 0) {
    const self = hidden.reduce((sum, one) => sum + one.self, 0n);
    lines.push(row(grouped(self), percentOf(self, whole), '', '', '', `and ${hidden.length} more`));
  }
  return lines.join('\n');
}

function lineTable(lines: readonly LineGas[], whole: bigint): string {
  if (lines.length === 0) return '';
  const rows = [row('gas', '', '', '', '', 'line')];
  for (const { source, gas } of lines.slice(0, SHOWN_ROWS)) {
    rows.push(row(grouped(gas), percentOf(gas, whole), '', '', '', printable(formatLocation(source))));
  }
  const hidden = lines.slice(SHOWN_ROWS);
  if (hidden.length > 0) {
    const gas = hidden.reduce((sum, one) => sum + one.gas, 0n);
    rows.push(row(grouped(gas), percentOf(gas, whole), '', '', '', `and ${hidden.length} more`));
  }
  return rows.join('\n');
}

function row(
  self: string,
  selfShare: string,
  total: string,
  totalShare: string,
  calls: string,
  what: string,
): string {
  const numbers =
    self.padStart(12) +
    selfShare.padStart(8) +
    total.padStart(12) +
    totalShare.padStart(8) +
    calls.padStart(11);
  return `${numbers}  ${what}`;
}

import type { CallRecord, Divergence } from '../compare/comparison.ts';
import { plainRecord } from './assemble-report.ts';
import { type CorruptLine, LISTED_CALLS, LISTED_CORRUPT, LISTED_DIVERGENCES } from './report.ts';

/** What a report lists one by one, each kind up to its bound, however many there are. */
export class Listing {
  readonly calls: CallRecord[] = [];
  readonly divergences: Divergence[] = [];
  readonly corrupt: CorruptLine[] = [];
  /** Calls that came out differently in a way that isn't accepted. */
  different = 0;
  corruptCount = 0;

  add(record: CallRecord | Divergence): void {
    if (record.verdict === 'different') this.different++;
    if (this.calls.length < LISTED_CALLS) this.calls.push(plainRecord(record));
    if ('differences' in record && this.divergences.length < LISTED_DIVERGENCES)
      this.divergences.push(record);
  }

  addCorrupt(line: CorruptLine): void {
    this.corruptCount++;
    if (this.corrupt.length < LISTED_CORRUPT) this.corrupt.push(line);
  }

  /** Goes on from corrupt lines that were listed before. */
  restoreCorrupt(lines: readonly CorruptLine[], count: number): void {
    this.corrupt.push(...lines);
    this.corruptCount = count;
  }

  /** Whether another plain call would be listed no more. */
  get isFullOfCalls(): boolean {
    return this.calls.length >= LISTED_CALLS;
  }
}

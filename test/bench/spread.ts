import type { BenchReport } from '@switchyard/cli';
import { formatRatio, formatResult } from '../../packages/cli/src/bench/format-results.ts';
import { isWide } from '../../packages/cli/src/bench/measure.ts';

/** The lines of a report's figures whose rounds spread widely, as `npm run bench` prints them. */
export function wideRows({ results, ratios }: BenchReport): readonly string[] {
  return [...results.filter(isWide).map(formatResult), ...ratios.filter(isWide).map(formatRatio)];
}

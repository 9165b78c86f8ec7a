import type { BenchmarkMetric } from '@switchyard/core';
import { type BenchResult, isWide } from './measure.ts';
import type { BenchRatio, MeanRatio } from './ratios.ts';

/** What each metric's figures are. */
export const METRIC_UNITS: Readonly<Record<BenchmarkMetric, string>> = {
  mips: 'million instructions/s',
  'us-per-call': 'µs a call',
  'ms-cold': 'ms to the first result',
  'ms-compile': 'ms to compile',
};

/** What a line ends with whose rounds spread widely. */
const WIDE_MARK = '  † wide: max > 2 × min';

/** The heading of the lines of `formatResult`. */
export const RESULT_HEADING = `${'program'.padEnd(28)}${'tier'.padEnd(13)}${'meter'.padEnd(7)}${['median', 'min', 'max'].map((name) => name.padStart(10)).join('')}`;

/** A result as a line of text. */
export function formatResult(result: BenchResult): string {
  const { program, tier, meter, metric, median, min, max } = result;
  const numbers = [median, min, max].map((value) => `${value}`.padStart(10)).join('');
  return `${program.padEnd(28)}${tier.padEnd(13)}${meter.padEnd(7)}${numbers}  ${METRIC_UNITS[metric]}${isWide(result) ? WIDE_MARK : ''}`;
}

/** A ratio of speeds as a line of text. */
export function formatRatio(row: BenchRatio): string {
  const { program, ratio, median, min, max } = row;
  return `${program.padEnd(28)}${ratio.padEnd(30)}${median.toFixed(3)} (${min.toFixed(2)} to ${max.toFixed(2)})${isWide(row) ? WIDE_MARK : ''}`;
}

/** Geometric means as lines of text. */
export function formatMeans(means: readonly MeanRatio[]): string {
  return means
    .map(
      ({ ratio, metric, geometricMean, programs }) =>
        `${'geometric mean'.padEnd(28)}${ratio.padEnd(30)}${geometricMean.toFixed(3)} over ${programs}, ${METRIC_UNITS[metric]}`,
    )
    .join('\n');
}

import type { BenchmarkMetric } from '@switchyard/core';
import type { BenchResult } from './measure.ts';
import type { BenchRatio, MeanRatio } from './ratios.ts';

/** What each metric's figures are. */
export const METRIC_UNITS: Readonly<Record<BenchmarkMetric, string>> = {
  mips: 'million instructions/s',
  'us-per-call': 'µs a call',
  'ms-cold': 'ms to the first result',
  'ms-compile': 'ms to compile',
};

/** The heading of the lines of `formatResult`. */
export const RESULT_HEADING = `${'program'.padEnd(28)}${'tier'.padEnd(13)}${'meter'.padEnd(7)}${['median', 'min', 'max'].map((name) => name.padStart(10)).join('')}`;

/** A result as a line of text. */
export function formatResult({ program, tier, meter, metric, median, min, max }: BenchResult): string {
  const numbers = [median, min, max].map((value) => `${value}`.padStart(10)).join('');
  return `${program.padEnd(28)}${tier.padEnd(13)}${meter.padEnd(7)}${numbers}  ${METRIC_UNITS[metric]}`;
}

/** A ratio of speeds as a line of text. */
export function formatRatio({ program, ratio, median, min, max }: BenchRatio): string {
  return `${program.padEnd(28)}${ratio.padEnd(30)}${median.toFixed(3)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
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

import { groupBy } from './group-by.ts';
import { type BenchResult, type Measured, summarise } from './measure.ts';

/** How much faster one is than another, round by round. */
export interface BenchRatio extends Omit<BenchResult, 'tier' | 'meter'> {
  /** Such as `compiled / twin`. */
  readonly ratio: string;
}

interface Side {
  readonly tier: string;
  readonly meter: 'on' | 'off';
}

const PAIRS: readonly { readonly ratio: string; readonly of: Side; readonly to: Side }[] = [
  pair('compiled / twin', ['compiled', 'on'], ['twin', 'off']),
  pair('interpreter / reference', ['interpreter', 'on'], ['reference', 'on']),
  pair('compiled / interpreter', ['compiled', 'on'], ['interpreter', 'on']),
  pair('compiled, meter on / off', ['compiled', 'on'], ['compiled', 'off']),
  pair('interpreter, meter on / off', ['interpreter', 'on'], ['interpreter', 'off']),
];

function pair(ratio: string, of: readonly [string, 'on' | 'off'], to: readonly [string, 'on' | 'off']) {
  return { ratio, of: { tier: of[0], meter: of[1] }, to: { tier: to[0], meter: to[1] } };
}

/** The ratios of speed within benchmarks that were measured together. Taken round by round: noise that lasts meets both sides. */
export function ratiosOf(together: readonly Measured[]): readonly BenchRatio[] {
  const find = ({ tier, meter }: Side): Measured | undefined =>
    together.find(({ benchmark }) => benchmark.tier === tier && benchmark.meter === meter);
  return PAIRS.flatMap(({ ratio, of, to }) => {
    const [left, right] = [find(of), find(to)];
    if (left === undefined || right === undefined) return [];
    const { program, metric } = left.benchmark;
    const values = left.values.map((value, round) =>
      metric === 'mips' ? value / right.values[round]! : right.values[round]! / value,
    );
    return [{ program, metric, ratio, ...summarise(values) }];
  });
}

/** A ratio's geometric mean over programs. */
export interface MeanRatio {
  readonly ratio: string;
  readonly metric: BenchResult['metric'];
  readonly geometricMean: number;
  readonly programs: number;
}

/** The geometric means of the medians, by ratio and metric. */
export function meanRatios(ratios: readonly BenchRatio[]): readonly MeanRatio[] {
  return groupBy(ratios, ({ ratio, metric }) => `${ratio}\n${metric}`).map((group) => {
    const { ratio, metric } = group[0]!;
    const logarithms = group.reduce((sum, { median }) => sum + Math.log(median), 0);
    const geometricMean = Math.round(Math.exp(logarithms / group.length) * 1000) / 1000;
    return { ratio, metric, geometricMean, programs: group.length };
  });
}

import type { Difference } from '../compare/difference.ts';
import type { Report, ShrunkCall, ShrunkFailure } from './report.ts';

/** What the verdict means, in a sentence. */
export function verdictSentence({ verdict, totals, finalState }: Report): string {
  if (verdict === 'equal')
    return `The new build did what the old one did in all ${count(totals.calls, 'call')}.`;
  if (verdict === 'accepted') {
    return `The builds differ only in ways that are accepted: ${totals.accepted} of ${count(totals.calls, 'call')}.`;
  }
  const reasons = [
    ...(totals.different > 0
      ? [`${totals.different} of ${count(totals.calls, 'call')} came out differently`]
      : []),
    ...(totals.corrupt > 0 ? [`${count(totals.corrupt, 'line')} of the input could not be read`] : []),
    ...(finalState.differences.length > 0
      ? [`the final states differ in ${count(finalState.differences.length, 'place')}`]
      : []),
  ];
  return `Not proven equal: ${reasons.join('; ')}.`;
}

/** `1 call`, `2 calls`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A difference on one line. */
export function differenceText({ aspect, place, old, new: fresh }: Difference): string {
  const where = place === aspect ? aspect : `${aspect} ${place}`;
  return `${where}: old ${valueText(old)}, new ${valueText(fresh)}`;
}

/** A value of a report: JSON, `nothing` where a side has none. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A call of a shrunk sequence: `transfer("bob","5") from alice with 3 at height 7`. */
export function shrunkCallText({ entry, args, from, value, height }: ShrunkCall): string {
  const funds = value === '0' ? '' : ` with ${value}`;
  return `${entry}(${args}) from ${from}${funds}${height === '0' ? '' : ` at height ${height}`}`;
}

/** How gas of the new side stands to that of the old, by medians, in hundredths: `1.25×`. */
export function ratioText(old: number, fresh: number): string {
  if (old === 0) return fresh === 0 ? '1.00×' : '–';
  return `${(fresh / old).toFixed(2)}×`;
}

/** What a shrunk failure is called: the entry that fails and what of it differs. */
export function failureTitle({ divergence, calls }: ShrunkFailure): string {
  const aspects = [...new Set(divergence.differences.map(({ aspect }) => aspect))].join(', ');
  return `${divergence.entry}: ${aspects} (${count(calls.length, 'call')})`;
}

/** `82 of 89 instructions (92.1 %)`; says when it was not observed. */
export function coverageText(coverage: Report['coverage']['old']): string {
  if (coverage === null) return 'not observed';
  const { reached, instructions } = coverage;
  const percent = instructions === 0 ? '0.0' : ((100 * reached) / instructions).toFixed(1);
  return `${reached} of ${instructions} instructions (${percent} %)`;
}

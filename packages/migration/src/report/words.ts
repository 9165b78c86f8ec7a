import type { Aspect, Difference } from '../compare/difference.ts';
import { type AccountNames, withNames } from './account-names.ts';
import type { Report, ShrunkCall, ShrunkFailure } from './report.ts';

/** What the verdict means, in a sentence. */
export function verdictSentence({ verdict, totals, finalState }: Report): string {
  if (verdict === 'equal')
    return `The new build did what the old one did in all ${count(totals.calls, 'call')}.`;
  if (verdict === 'incomplete' && totals.corrupt === 0) return 'No call was compared, so nothing is shown.';
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

/** A difference as texts, accounts by their names. */
export interface DifferenceWords {
  readonly aspect: Aspect;
  /** Empty where the aspect says all. */
  readonly place: string;
  readonly old: string;
  readonly new: string;
}

/** What it means when a side has nothing in a place that the other one changed. */
const UNTOUCHED: Readonly<Record<Aspect, string>> = {
  outcome: 'none',
  returned: 'none',
  storage: 'unchanged',
  flows: 'none',
  assets: 'absent',
  balances: 'unchanged',
  events: 'none',
};

/** The words for what differs in a call. */
export function differenceWords(difference: Difference, names: AccountNames): DifferenceWords {
  return wordsOf(difference, names, UNTOUCHED[difference.aspect]);
}

/** The words for what differs in the final state, where nothing means that there is nothing. */
export function stateDifferenceWords(difference: Difference, names: AccountNames): DifferenceWords {
  return wordsOf(difference, names, 'absent');
}

/** A difference of a call on one line. */
export function differenceText(difference: Difference, names: AccountNames): string {
  return lineOf(differenceWords(difference, names));
}

/** A difference of the final state on one line. */
export function stateDifferenceText(difference: Difference, names: AccountNames): string {
  return lineOf(stateDifferenceWords(difference, names));
}

function wordsOf(
  { aspect, place, old, new: fresh }: Difference,
  names: AccountNames,
  nothing: string,
): DifferenceWords {
  const said = (value: unknown): string =>
    value === undefined
      ? nothing
      : value === null && aspect === 'storage'
        ? 'absent'
        : valueText(value, names);
  return { aspect, place: place === aspect ? '' : withNames(place, names), old: said(old), new: said(fresh) };
}

function lineOf({ aspect, place, old, new: fresh }: DifferenceWords): string {
  return `${aspect}${place === '' ? '' : ` ${place}`}: old ${old}, new ${fresh}`;
}

/** A value of a report: JSON, accounts by their names. */
export function valueText(value: unknown, names: AccountNames): string {
  return withNames(typeof value === 'string' ? value : JSON.stringify(value), names);
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

/** Calls that used more gas than the suite's ratio allows, by entry; undefined when there are none, or no ratio. */
export function aboveRatioText({ entries }: Report): string | undefined {
  const found = entries.filter(({ aboveRatio }) => aboveRatio !== null && aboveRatio > 0);
  if (found.length === 0) return undefined;
  return `Calls above the gas ratio of the suite: ${found.map(({ entry, aboveRatio }) => `${entry} ${aboveRatio}`).join(', ')}.`;
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

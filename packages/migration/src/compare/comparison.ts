import type { CallNotes, Observation, SideObservation } from '../observe/observation.ts';
import type { GasModel } from '../suite/suite.ts';
import type { AcceptedRules } from './accepted.ts';
import { type Difference, differences } from './difference.ts';
import { GasStatistics, type GasSummary } from './gas-statistics.ts';

/** How a call came out. */
export type CallVerdict = 'equal' | 'accepted' | 'different';

/** What a comparison keeps of a call that is worth looking at. Plain JSON. */
export interface CallRecord {
  /** Position in the sequence, from 1; 0 is the constructor. */
  readonly index: number;
  readonly entry: string;
  readonly args: string;
  readonly verdict: CallVerdict;
  readonly outcome: string;
  readonly oldGas: number;
  readonly newGas: number;
}

/** A call that came out differently. Plain JSON. */
export interface Divergence extends CallRecord {
  readonly differences: readonly (Difference & { readonly acceptedBy: string | null })[];
  readonly old: CallNotes & { readonly observation: Observation };
  readonly new: CallNotes & { readonly observation: Observation };
}

/** What is known of one entry. */
export interface EntrySummary {
  readonly entry: string;
  readonly calls: number;
  readonly equal: number;
  readonly accepted: number;
  readonly different: number;
  /** How often each end was seen on the old side, by outcome, sorted; the 65th and further ones together, as `other ends`. */
  readonly outcomes: readonly (readonly [outcome: string, calls: number])[];
  readonly gas: { readonly old: GasSummary; readonly new: GasSummary };
  /** Calls in which the new side used more than the model's ratio allows; null without a bound. */
  readonly aboveRatio: number | null;
}

/** Ends of an entry's calls that are counted each; a contract may have a result for every u64. The rest is counted as one. */
const COUNTED_ENDS = 64;

/** Stands for the ends that are not counted each. */
const OTHER_ENDS = 'other ends';

interface EntryCounts {
  calls: number;
  accepted: number;
  different: number;
  aboveRatio: number;
  outcomes: Map<string, number>;
  old: GasStatistics;
  new: GasStatistics;
}

/** What is put together of one call, for comparing. */
export interface ComparedCall {
  readonly index: number;
  readonly entry: string;
  /** The arguments as text, for people. */
  readonly args: string;
}

/** Compares observations call by call and keeps totals; memory does not grow with the number of calls. */
export class Comparison {
  readonly #rules: AcceptedRules;
  readonly #gas: GasModel;
  readonly #entries = new Map<string, EntryCounts>();

  constructor(rules: AcceptedRules, gas: GasModel) {
    this.#rules = rules;
    this.#gas = gas;
  }

  /** Counts a call. @returns the divergence when there is any difference, accepted or not; else the bare record. */
  add(call: ComparedCall, old: SideObservation, fresh: SideObservation): CallRecord | Divergence {
    const found = differences(old, fresh).map((difference) => ({
      ...difference,
      acceptedBy: this.#rules.accept(call.entry, difference) ?? null,
    }));
    const isAccepted = found.every(({ acceptedBy }) => acceptedBy !== null);
    const verdict = found.length === 0 ? 'equal' : isAccepted ? 'accepted' : 'different';
    const outcome = outcomeOf(old);
    this.#count(call.entry, verdict, outcome, old.gas, fresh.gas);
    const record = { ...call, verdict, outcome, oldGas: old.gas, newGas: fresh.gas } as const;
    if (found.length === 0) return record;
    return { ...record, differences: found, old: noted(old), new: noted(fresh) };
  }

  /** By entry, in order of names. */
  summary(): readonly EntrySummary[] {
    return [...this.#entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([entry, counts]) => ({
        entry,
        calls: counts.calls,
        equal: counts.calls - counts.accepted - counts.different,
        accepted: counts.accepted,
        different: counts.different,
        outcomes: [...counts.outcomes].sort(([a], [b]) => (a < b ? -1 : 1)),
        gas: { old: counts.old.summary()!, new: counts.new.summary()! },
        aboveRatio: this.#gas.maxRatio === undefined ? null : counts.aboveRatio,
      }));
  }

  /** All that is known, as JSON; `restore` takes it. */
  toJSON(): unknown {
    return {
      used: [...this.#rules.used],
      entries: [...this.#entries].map(([entry, counts]) => [
        entry,
        { ...counts, outcomes: [...counts.outcomes] },
      ]),
    };
  }

  /** Goes on from what `toJSON` gave. */
  restore(json: unknown): void {
    const { used, entries } = json as {
      used: [string, number][];
      entries: [
        string,
        Omit<EntryCounts, 'outcomes' | 'old' | 'new'> & {
          outcomes: [string, number][];
          old: unknown;
          new: unknown;
        },
      ][];
    };
    for (const [id, count] of used) this.#rules.used.set(id, count);
    for (const [entry, counts] of entries) {
      this.#entries.set(entry, {
        ...counts,
        outcomes: new Map(counts.outcomes),
        old: GasStatistics.fromJSON(counts.old),
        new: GasStatistics.fromJSON(counts.new),
      });
    }
  }

  #count(entry: string, verdict: CallVerdict, outcome: string, oldGas: number, newGas: number): void {
    let counts = this.#entries.get(entry);
    if (counts === undefined) {
      counts = {
        calls: 0,
        accepted: 0,
        different: 0,
        aboveRatio: 0,
        outcomes: new Map(),
        old: new GasStatistics(),
        new: new GasStatistics(),
      };
      this.#entries.set(entry, counts);
    }
    counts.calls++;
    if (verdict === 'accepted') counts.accepted++;
    if (verdict === 'different') counts.different++;
    const isCounted = counts.outcomes.has(outcome) || counts.outcomes.size < COUNTED_ENDS;
    const end = isCounted ? outcome : OTHER_ENDS;
    counts.outcomes.set(end, (counts.outcomes.get(end) ?? 0) + 1);
    counts.old.add(oldGas);
    counts.new.add(newGas);
    const { maxRatio } = this.#gas;
    if (maxRatio !== undefined && newGas > oldGas * maxRatio) counts.aboveRatio++;
  }
}

const OUTCOME = /^\{"outcome":"([^"\\]*)"/;

/** The outcome without parsing the rest: it comes first, and has no character that JSON escapes. */
function outcomeOf({ text }: SideObservation): string {
  return OUTCOME.exec(text)![1]!;
}

function noted({ text, gas, notes }: SideObservation): Divergence['old'] {
  const { error, logs } =
    notes === '' ? { error: null, logs: [] } : (JSON.parse(notes) as Omit<CallNotes, 'gas'>);
  return { gas, error, logs, observation: JSON.parse(text) as Observation };
}

import type { EngineModules } from '../app/open-side.ts';
import { type AcceptedRule, AcceptedRules } from '../compare/accepted.ts';
import { type CallRecord, Comparison, type Divergence } from '../compare/comparison.ts';
import { argumentsText } from '../compare/describe-call.ts';
import { differences } from '../compare/difference.ts';
import { traceCall } from '../compare/trace-call.ts';
import { CONSTRUCTOR } from '../mapping/compile-mapping.ts';
import { accountNames } from '../report/account-names.ts';
import { assembleReport } from '../report/assemble-report.ts';
import { Listing } from '../report/listing.ts';
import type { Coverage, Report, ShrunkFailure } from '../report/report.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';
import { CallGenerator } from './call-generator.ts';
import { coverageOf } from './coverage-of.ts';
import { describeSequence } from './describe-sequence.ts';
import { Pair, type Reached } from './pair.ts';
import { shrinkSequence } from './shrink.ts';

/** How to generate calls. */
export interface GenerateOptions {
  readonly modules: EngineModules;
  /** Calls in all, the suite's own among them, which all run. Default 10,000. */
  readonly calls?: number;
  /** The same seed gives the same calls. Default 1. */
  readonly seed?: number;
  /** Longest sequence from the starting state. Default 40. */
  readonly longest?: number;
  /** Stop after so many different failures. Default 3. */
  readonly failures?: number;
  readonly accepted?: readonly AcceptedRule[];
  readonly today: string;
  readonly onProgress?: (progress: { readonly calls: number; readonly failures: number }) => void;
}

/** Every so many-th sequence is watched for the code that it reaches, since watching is slow; the first ones all are. */
const WATCHED_EVERY = 8;
const WATCHED_FIRST = 40;

/** Ends of calls that count as something new; where every result is an exit code, most are nothing new. */
const NEW_ENDS = 200;

/** Sequences that reached something new are kept and built upon. */
const CORPUS = 200;

/**
 * Makes sequences of calls from the suite's declared types and runs them on both sides, each from the starting state. What reaches code or
 * an end of a call that nothing before it reached, on either side, is built upon. A failing sequence is shrunk.
 */
export function generate(suite: Suite, options: GenerateOptions): Report {
  return new Generation(suite, options).run();
}

class Generation {
  readonly #suite: Suite;
  readonly #options: GenerateOptions;
  readonly #generator: CallGenerator;
  readonly #pair: Pair;
  readonly #rules: AcceptedRules;
  readonly #comparison: Comparison;
  readonly #reached: Reached = { pcs: { old: new Set(), new: new Set() } };
  readonly #ends = new Set<string>();
  readonly #corpus: (readonly SuiteCall[])[] = [];
  readonly #listing = new Listing();
  readonly #shrunk: ShrunkFailure[] = [];
  readonly #known = new Set<string>();
  #first: Report['first'] = null;
  #done = 0;

  constructor(suite: Suite, options: GenerateOptions) {
    this.#suite = suite;
    this.#options = options;
    this.#generator = new CallGenerator(suite, options.seed ?? 1);
    this.#pair = new Pair(suite, options.modules, this.#reached);
    this.#rules = this.#newRules();
    this.#comparison = new Comparison(this.#rules, suite.gas);
  }

  run(): Report {
    const { calls = 10_000, failures = 3, seed = 1, onProgress, accepted = [] } = this.#options;
    this.#compareBegin();
    // The suite's own calls come first, whole.
    if (this.#suite.calls.length > 0) this.#runSequence(0, this.#suite.calls);
    for (let sequence = 1; this.#done < calls && this.#shrunk.length < failures; sequence++) {
      this.#runSequence(sequence, this.#makeSequence(calls - this.#done));
      onProgress?.({ calls: this.#done, failures: this.#shrunk.length });
    }
    this.#pair.reset();
    const { sides } = this.#pair;
    const stopped = this.#done < calls ? `; it stopped after ${this.#shrunk.length} failures` : '';
    return assembleReport({
      suite: this.#suite,
      input: `${this.#done} calls: the suite's, and generated ones of seed ${seed}${stopped}`,
      sides: { old: sides.old.parts, new: sides.new.parts },
      comparison: this.#comparison,
      rules: this.#rules,
      accepted,
      listing: this.#listing,
      // Every sequence ends in a state of its own; what each call left was compared.
      finalState: { lines: 0, differences: [] },
      first: this.#first,
      coverage: { old: this.#coverageOf('old'), new: this.#coverageOf('new') },
      shrunk: this.#shrunk,
    });
  }

  #compareBegin(): void {
    const { construct } = this.#suite.start;
    const { begun } = this.#pair;
    if (construct === undefined || begun === undefined) return;
    const call = { index: 0, entry: CONSTRUCTOR, args: argumentsText(this.#suite, construct) };
    const record = this.#comparison.add(call, ...begun);
    this.#listing.add(record);
    if (record.verdict !== 'different' || !('differences' in record)) return;
    this.#shrunk.push({ calls: [], divergence: record });
    const nothing = { trace: [], traceSkipped: 0, stateBefore: [] };
    this.#first = { call: record, detail: { old: nothing, new: nothing } };
  }

  #runSequence(number: number, calls: Iterable<SuiteCall>): void {
    const isWatched = number < WATCHED_FIRST || number % WATCHED_EVERY === 0;
    const sequence: SuiteCall[] = [];
    let known = this.#countReached();
    /** Calls up to the last one that reached something new. */
    let leading = 0;
    this.#pair.reset();
    this.#generator.begin();
    for (const call of calls) {
      sequence.push(call);
      const [old, fresh] = this.#pair.run(call, isWatched ? this.#reached : undefined);
      this.#done++;
      this.#generator.note(call, old);
      const described = { index: this.#done, entry: call.entry, args: argumentsText(this.#suite, call) };
      const record = this.#comparison.add(described, old, fresh);
      this.#listing.add(record);
      if (this.#ends.size < NEW_ENDS) this.#ends.add(`${call.entry} ${record.outcome}`);
      if (record.verdict === 'different' && 'differences' in record) {
        this.#fail(sequence, record);
        return;
      }
      // After an accepted difference the states are no longer comparable.
      if (record.verdict === 'accepted') return;
      const reached = this.#countReached();
      if (reached > known) leading = sequence.length;
      known = reached;
    }
    if (leading === 0) return;
    const kept = sequence.slice(0, leading);
    if (!isWatched) this.#watch(kept);
    this.#keep(kept);
  }

  #countReached(): number {
    return this.#reached.pcs.old.size + this.#reached.pcs.new.size + this.#ends.size;
  }

  /** Runs a sequence once more, for the code that it reaches. */
  #watch(sequence: readonly SuiteCall[]): void {
    this.#pair.reset();
    for (const call of sequence) this.#pair.run(call, this.#reached);
  }

  #keep(sequence: readonly SuiteCall[]): void {
    if (this.#corpus.length < CORPUS) this.#corpus.push(sequence);
    else this.#corpus[this.#generator.below(CORPUS)] = sequence;
  }

  /** Half of the sequences begin as one did that reached something new: with all of what led there, or a part of it. */
  *#makeSequence(most: number): Generator<SuiteCall> {
    const { longest = 40 } = this.#options;
    const length = Math.min(most, 1 + this.#generator.below(longest));
    let previous: SuiteCall | undefined;
    let made = 0;
    if (this.#corpus.length > 0 && this.#generator.below(2) === 0) {
      const base = this.#corpus[this.#generator.below(this.#corpus.length)]!;
      const wanted = this.#generator.below(2) === 0 ? base.length : 1 + this.#generator.below(base.length);
      const kept = Math.min(length, wanted);
      for (; made < kept; made++) {
        previous = base[made]!;
        yield previous;
      }
    }
    for (; made < length; made++) {
      previous = this.#generator.next(previous, this.#suite.start.block);
      yield previous;
    }
  }

  #fail(sequence: readonly SuiteCall[], found: Divergence): void {
    const kind = kindOf(found);
    if (this.#known.has(kind)) return;
    this.#known.add(kind);
    const senders = [...this.#suite.start.accounts.values()];
    const rules = this.#newRules();
    const calls = shrinkSequence(sequence, senders, (candidate) => this.#callsToFail(candidate, kind, rules));
    const divergence = this.#failureOf(calls);
    this.#shrunk.push({
      calls: describeSequence(this.#suite, calls),
      divergence: { ...divergence, index: found.index },
    });
    this.#first ??= this.#detail(calls, divergence);
  }

  /** How many calls it takes to fail in that way; 0 when the first failure is another, or there is none. */
  #callsToFail(calls: readonly SuiteCall[], kind: string, rules: AcceptedRules): number {
    this.#pair.reset();
    for (const [index, call] of calls.entries()) {
      const [old, fresh] = this.#pair.run(call);
      const found = differences(old, fresh).filter((each) => rules.accept(call.entry, each) === undefined);
      if (found.length > 0) return kindOf({ entry: call.entry, differences: found }) === kind ? index + 1 : 0;
    }
    return 0;
  }

  /** The divergence of the last call of a sequence, counted nowhere. */
  #failureOf(calls: readonly SuiteCall[]): Divergence {
    const comparison = new Comparison(this.#newRules(), this.#suite.gas);
    this.#pair.reset();
    let last: CallRecord | Divergence | undefined;
    for (const [index, call] of calls.entries()) {
      const described = { index: index + 1, entry: call.entry, args: argumentsText(this.#suite, call) };
      last = comparison.add(described, ...this.#pair.run(call));
    }
    return last as Divergence;
  }

  /** The accepted rules, used by nothing yet. */
  #newRules(): AcceptedRules {
    const { accepted = [], today } = this.#options;
    return new AcceptedRules(accepted, today, accountNames(this.#suite));
  }

  #detail(calls: readonly SuiteCall[], call: Divergence): Report['first'] {
    this.#pair.reset();
    for (const each of calls.slice(0, -1)) this.#pair.run(each);
    const last = calls[calls.length - 1]!;
    const { old, new: fresh } = this.#pair.sides;
    return { call, detail: { old: traceCall(old, last), new: traceCall(fresh, last) } };
  }

  #coverageOf(side: 'old' | 'new'): Coverage {
    const { tools } = this.#pair.sides[side].parts;
    return coverageOf(tools, this.#suite.sides[side].code, this.#reached.pcs[side]);
  }
}

/** Failures that are alike: the entry, and what of the call differs, without its values. */
function kindOf({
  entry,
  differences: found,
}:
  | Pick<Divergence, 'entry' | 'differences'>
  | { entry: string; differences: ReturnType<typeof differences> }): string {
  const kinds = found.map(({ aspect, place }) => `${aspect} ${place.replace(/\[.*$/s, '')}`);
  return `${entry}: ${[...new Set(kinds)].sort().join(', ')}`;
}

import {
  type BlockInfo,
  equalBytes,
  type StateBackend,
  type TransactionObserver,
  type TransactionRequest,
  type TransactionResult,
  VmError,
} from '@switchyard/core';
import { type EngineModules, openSide } from '../app/open-side.ts';
import { capturedCall } from '../capture/capture-line.ts';
import { CaptureReader } from '../capture/to-suite-call.ts';
import { type AcceptedRule, AcceptedRules } from '../compare/accepted.ts';
import { Comparison, type Divergence, type EntrySummary } from '../compare/comparison.ts';
import { argumentsText } from '../compare/describe-call.ts';
import { noCounts, Observer } from '../observe/observe.ts';
import { accountNames } from '../report/account-names.ts';
import type { Side } from '../sides/side.ts';
import type { Suite } from '../suite/suite.ts';
import { ShadowBackend } from './shadow-backend.ts';

/** What to run beside, and how often. */
export interface ShadowOptions {
  /** Both builds and what they have in common. `suite.start.contract` is the contract on the chain. */
  readonly suite: Suite;
  readonly modules: EngineModules;
  /** The chain's store: the one that its environment commits to. */
  readonly backend: StateBackend;
  /** Which share of the contract's calls is run again, 0 to 1. Default 1: every call. Sampling counts calls and uses no chance. */
  readonly rate?: number;
  readonly accepted?: readonly AcceptedRule[];
  /** The day on which rules expire or not. */
  readonly today: string;
  /** Told of every call that came out differently, accepted or not. */
  readonly onDivergence?: (divergence: Divergence) => void;
}

/** What a shadow has seen. */
export interface ShadowSummary {
  /** Calls of the contract. */
  readonly calls: number;
  /** Of these, run on the new build too. */
  readonly shadowed: number;
  readonly different: number;
  readonly accepted: number;
  /** Calls that could not be brought into the new build's form, by reason, at most 100 reasons. */
  readonly skipped: readonly (readonly [reason: string, calls: number])[];
  readonly entries: readonly EntrySummary[];
}

/** An observer that runs a contract's new build beside the old one. */
export interface Shadow extends TransactionObserver {
  summary(): ShadowSummary;
}

/** Reasons that are counted apart. */
const COUNTED_REASONS = 100;

/**
 * Runs the new build of a contract beside the old one, on the state as it was before each call, and compares. Give it to `createContainer`
 * or `ExecutionEnvironment` as one of `observers`. It never affects a result: it sees calls after they were written, and writes nothing.
 * Slots that only the new build keeps (`own` of the suite) are absent to it.
 * @throws VmError SUITE_INVALID, ENGINE_UNKNOWN, CODE_FORMAT_UNKNOWN.
 */
export function shadowCalls(options: ShadowOptions): Shadow {
  return new CallShadow(options);
}

class CallShadow implements Shadow {
  readonly #options: ShadowOptions;
  readonly #backend: ShadowBackend;
  readonly #side: Side;
  readonly #old: Observer;
  readonly #new: Observer;
  readonly #reader: CaptureReader;
  readonly #comparison: Comparison;
  readonly #skipped = new Map<string, number>();
  #calls = 0;
  #shadowed = 0;
  #credit = 0;

  constructor(options: ShadowOptions) {
    const { rate = 1, suite, accepted = [] } = options;
    if (!(rate >= 0 && rate <= 1))
      throw new VmError('INVALID_ARGUMENT', `rate: expected 0 to 1, found ${rate}.`);
    this.#options = options;
    const { contract } = suite.start;
    const mapped = openSide(suite, 'new', { modules: options.modules }).parts;
    const { code, engine } = suite.sides.new;
    this.#backend = new ShadowBackend(options.backend, contract, { code, engine }, mapped.mapping);
    const backend = Object.assign(this.#backend, { entries: () => [] });
    this.#side = openSide(suite, 'new', { modules: options.modules, backend });
    this.#old = new Observer(mapped.mapping, 'old', contract, noCounts());
    this.#new = new Observer(mapped.mapping, 'new', contract, noCounts());
    this.#reader = new CaptureReader(mapped.mapping, contract, mapped.oldCalls, mapped.oldForm);
    this.#comparison = new Comparison(
      new AcceptedRules(accepted, options.today, accountNames(suite)),
      suite.gas,
    );
  }

  called(request: TransactionRequest, result: TransactionResult, block: Partial<BlockInfo>): void {
    if (!equalBytes(request.contract, this.#options.suite.start.contract)) return;
    this.#calls++;
    this.#credit += this.#options.rate ?? 1;
    if (this.#credit < 1) return;
    this.#credit -= 1;
    try {
      this.#compare(request, result, block);
    } catch (thrown) {
      if (!(thrown instanceof VmError)) throw thrown;
      this.#skip(thrown.message);
    }
  }

  summary(): ShadowSummary {
    const entries = this.#comparison.summary();
    return {
      calls: this.#calls,
      shadowed: this.#shadowed,
      different: entries.reduce((sum, { different }) => sum + different, 0),
      accepted: entries.reduce((sum, { accepted }) => sum + accepted, 0),
      skipped: [...this.#skipped].sort(([a], [b]) => (a < b ? -1 : 1)),
      entries,
    };
  }

  #compare(request: TransactionRequest, result: TransactionResult, block: Partial<BlockInfo>): void {
    const { suite, onDivergence } = this.#options;
    const call = this.#reader.read(capturedCall(request, block));
    this.#backend.lookBefore({
      changes: result.stateChanges,
      payer: request.sender,
      fee: result.gas.limit * result.gas.price,
    });
    const { environment } = this.#side.parts;
    environment.state.discard();
    const fresh = environment.simulate({
      ...this.#side.request(call),
      block: { ...suite.start.block, ...block },
    });
    this.#shadowed++;
    const entry = this.#side.entryOf(call);
    const record = this.#comparison.add(
      { index: this.#calls, entry: call.entry, args: argumentsText(suite, call) },
      this.#old.observe(result, entry),
      this.#new.observe(fresh, entry),
    );
    if ('differences' in record) onDivergence?.(record);
  }

  #skip(reason: string): void {
    const counted =
      this.#skipped.has(reason) || this.#skipped.size < COUNTED_REASONS ? reason : 'other reasons';
    this.#skipped.set(counted, (this.#skipped.get(counted) ?? 0) + 1);
  }
}

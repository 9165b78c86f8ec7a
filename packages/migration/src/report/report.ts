import type { AcceptedRule } from '../compare/accepted.ts';
import type { CallRecord, Divergence, EntrySummary } from '../compare/comparison.ts';
import type { Difference } from '../compare/difference.ts';
import type { PerSide } from '../mapping/mapping.ts';

/** Format of the JSON report; a reader refuses another. */
export const REPORT_FORMAT = 'switchyard-migration-report/1';

/** Most calls that a report lists one by one; the rest is in the totals. */
export const LISTED_CALLS = 10_000;

/** Most divergences that a report lists; the rest is in the totals. */
export const LISTED_DIVERGENCES = 10_000;

/** Most unreadable lines that a report names; the rest is counted. */
export const LISTED_CORRUPT = 1000;

/** Which build a side was. */
export interface ReportedSide {
  readonly name: string;
  /** sha-256 of the code, hexadecimal. */
  readonly codeHash: string;
  readonly size: number;
  readonly engine: string;
  /** The engine's version, such as `1.0.0`. */
  readonly engineVersion: string;
  /** Options that the suite gave. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** How much of a side's code was reached, where that was observed. */
export interface Coverage {
  readonly instructions: number;
  readonly reached: number;
  /** Functions or chunks that were never reached, by name, sorted. */
  readonly unreached: readonly string[];
}

/** One step of a call as a side ran it. */
export interface TracedStep {
  readonly pc: number;
  readonly instruction: string;
  readonly gasLeft: string;
}

/** What a side did in the first call that came out differently. */
export interface SideDetail {
  /** The last steps of the call. */
  readonly trace: readonly TracedStep[];
  /** Steps that were left out before these. */
  readonly traceSkipped: number;
  /** The contract's state before the call, in the form that both sides share. */
  readonly stateBefore: readonly (readonly [place: string, value: unknown])[];
}

/** A call of a shrunk sequence, for people. */
export interface ShrunkCall {
  readonly entry: string;
  readonly args: string;
  /** Name or address of the sender. */
  readonly from: string;
  readonly value: string;
  readonly height: string;
}

/** A shortest sequence from the starting state whose last call comes out differently. */
export interface ShrunkFailure {
  readonly calls: readonly ShrunkCall[];
  /** What differs in the last call; `index` is that of the generated call in which it was found. */
  readonly divergence: Divergence;
}

/** A line of the input that is no call. */
export interface CorruptLine {
  readonly line: number;
  readonly reason: string;
}

/** A migration's result: all that every form of report is made from. Plain JSON; equal inputs give equal bytes. */
export interface Report {
  readonly format: typeof REPORT_FORMAT;
  readonly suite: string;
  /** Where the calls came from: the suite, a capture, generation with its seed. */
  readonly input: string;
  readonly sides: PerSide<ReportedSide>;
  /** What the suite calls accounts, by address (`0x…`), sorted. */
  readonly names: readonly (readonly [address: string, name: string])[];
  /**
   * `equal`: no difference; `accepted`: only accepted ones; `different`: at least one other; `incomplete`: none, but some input could not be
   * read.
   */
  readonly verdict: 'equal' | 'accepted' | 'different' | 'incomplete';
  readonly totals: {
    readonly calls: number;
    readonly equal: number;
    readonly accepted: number;
    readonly different: number;
    readonly corrupt: number;
  };
  readonly entries: readonly EntrySummary[];
  /** Declared entries that no call used. */
  readonly unusedEntries: readonly string[];
  readonly coverage: PerSide<Coverage | null>;
  readonly finalState: { readonly lines: number; readonly differences: readonly Difference[] };
  readonly first: { readonly call: Divergence; readonly detail: PerSide<SideDetail> } | null;
  /** Shrunk failures of generated calls. */
  readonly shrunk: readonly ShrunkFailure[];
  readonly divergences: readonly Divergence[];
  readonly calls: readonly CallRecord[];
  readonly corrupt: readonly CorruptLine[];
  readonly accepted: readonly (AcceptedRule & { readonly uses: number; readonly isExpired: boolean })[];
  /** What could not be compared one to one, in sentences. */
  readonly notCompared: readonly string[];
}

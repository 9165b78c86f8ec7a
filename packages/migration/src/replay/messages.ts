import type { StateDigest } from '../compare/final-state.ts';
import type { SideName } from '../mapping/mapping.ts';
import type { SideCounts } from '../observe/observe.ts';
import type { SideDetail } from '../report/report.ts';
import type { StateLine } from '../sides/side.ts';
import type { Suite, SuiteCall } from '../suite/suite.ts';

/** What a side's worker is started with. Everything can be sent between threads. */
export interface SessionSetup {
  readonly suite: Suite;
  readonly side: SideName;
  /** Modules to import, each with a container module: URLs or package names that the worker's own place resolves. */
  readonly engines: readonly string[];
  /** Folder of the side's store; undefined for a state in memory alone. */
  readonly storePath: string | undefined;
  /** The checkpoint to go on from; 0 for the beginning. */
  readonly checkpoint: number;
  /** The counts at that checkpoint. */
  readonly seen: SideCounts;
}

/** Consecutive calls: lines of a capture, or calls of a suite. */
export interface CallBatch {
  /** Position of the first call, from 1. */
  readonly first: number;
  readonly calls: readonly (string | SuiteCall)[];
}

/** What a side did in a batch, by position. Separate lists of plain values: they are sent between threads often. */
export interface BatchAnswer {
  /** `SideObservation.text`; empty for a line that is no call. */
  readonly texts: readonly string[];
  readonly gas: readonly number[];
  readonly notes: readonly string[];
  /** Entry and arguments of each call as text, from the old side only. */
  readonly entries: readonly string[];
  readonly args: readonly string[];
  /** Positions in the batch of lines that are no calls, and why. */
  readonly corrupt: readonly (readonly [position: number, reason: string])[];
}

/** What a side knows at the end, apart from its state. */
export interface SessionSummary {
  readonly engine: string;
  readonly engineVersion: string;
  readonly seen: SideCounts;
  readonly digest: StateDigest;
}

/** What the other side of a session asks for. */
export type SessionRequest =
  | { readonly kind: 'begin' }
  | { readonly kind: 'run'; readonly batch: CallBatch }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'detail'; readonly index: number }
  | { readonly kind: 'summary' }
  | { readonly kind: 'state' }
  | { readonly kind: 'close' };

/** The constructor's observation, by `begin` of a new replay. */
export interface BeginAnswer {
  readonly answer: BatchAnswer | null;
}

/** The answer to each request. */
export interface SessionAnswers {
  readonly begin: BeginAnswer;
  readonly run: BatchAnswer;
  readonly checkpoint: SideCounts;
  readonly detail: SideDetail;
  readonly summary: SessionSummary;
  readonly state: readonly StateLine[];
  readonly close: null;
}

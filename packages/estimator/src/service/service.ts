import type { ExecutionStatus, VmError, VmErrorCode } from '@switchyard/core';
import type { FaultKind } from '../api/fault-kinds.ts';
import type { MethodName, ParamsOf } from '../api/methods.ts';

/** One call of a method, with params that its schema has let through. */
export type Job<M extends MethodName = MethodName> = {
  [N in M]: { readonly method: N; readonly params: ParamsOf<N> };
}[M];

/** What is counted of an answer. */
export interface AnswerFacts {
  /** Null where nothing ran. */
  readonly engine: string | null;
  readonly tier: string | null;
  readonly status: ExecutionStatus | null;
  readonly gasUsed: bigint | null;
  /** Time in a worker; 0 for a cached answer. */
  readonly milliseconds: number;
  readonly isCached: boolean;
}

/** Of an answer for which nothing ran. */
export const NOTHING_RAN: AnswerFacts = {
  engine: null,
  tier: null,
  status: null,
  gasUsed: null,
  milliseconds: 0,
  isCached: false,
};

/** How a job ended. `json` is text that goes into the response as it is: the result, or the `Fault`. */
export type Answer =
  | {
      readonly ok: true;
      readonly json: string;
      /** Of the state that was read. */
      readonly stateVersion: bigint;
      readonly facts: AnswerFacts;
    }
  | {
      readonly ok: false;
      readonly code: VmErrorCode;
      readonly message: string;
      /** Absent: the one that the code stands for. */
      readonly kind?: FaultKind;
      readonly json: string;
      /** Of the state that was read; undefined where it could not be. */
      readonly stateVersion?: bigint | undefined;
      /** When to ask again, for what may succeed later. */
      readonly retryAfterSeconds?: number;
      readonly facts: AnswerFacts;
    };

/** Whether requests can be answered now, and why not. */
export interface Readiness {
  readonly ready: boolean;
  /** `ok`, or what is wrong, by part: `state`, `workers`. */
  readonly parts: Readonly<Record<string, string>>;
  readonly stateVersion: bigint | null;
}

/** Numbers of now and since the start. */
export interface ServiceStatus {
  readonly workers: number;
  /** Jobs that wait, and jobs that run. */
  readonly queued: number;
  readonly running: number;
  /** Workers that were replaced, by reason. */
  readonly replaced: Readonly<Record<'time' | 'memory' | 'crash', number>>;
  readonly cache: { readonly entries: number; readonly bytes: number };
}

/** Answers jobs. Never throws and never rejects for what a request is the reason of. */
export interface EstimatorService {
  /**
   * Answers jobs, each for itself, in order.
   * @param client whose they are: the name of a key, or an address. Clients share the workers fairly.
   */
  run(jobs: readonly Job[], client: string): Promise<readonly Answer[]>;
  /** Version of the state now. A promise where the state is asked over a network. @throws VmError STATE_UNAVAILABLE, or rejects with it. */
  stateVersion(): bigint | Promise<bigint>;
  ready(): Promise<Readiness>;
  status(): ServiceStatus;
  /** Told, if it is set, of what keeps the service from answering and its clients are told only in general. */
  onTrouble: ((error: VmError) => void) | undefined;
  /** Takes no more jobs, answers those that it has, ends the workers. */
  close(): Promise<void>;
}

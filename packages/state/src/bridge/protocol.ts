import type { MessagePort } from 'node:worker_threads';
import type { VmErrorCode } from '@switchyard/core';

/** What may be asked over a bridge: name → what is sent and what comes back. Both are copied to the other thread as by `structuredClone`. */
export type BridgeRequests<R> = {
  readonly [K in keyof R]: { readonly ask: unknown; readonly answer: unknown };
};

/** A request on its way to the worker. */
export interface RequestMessage {
  /** Counts up from 1 in each worker's life. */
  readonly id: number;
  readonly name: string;
  readonly ask: unknown;
}

/** An error on its way back: the fields of a VmError. */
export interface FailureFields {
  readonly code: VmErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** An answer on its way back. */
export type AnswerMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: FailureFields };

/** What the worker is started with. */
export interface BridgeWorkerData {
  readonly port: MessagePort;
  /** See `SIGNAL`. */
  readonly signal: Int32Array<SharedArrayBuffer>;
  /** What the store's own code needs to begin. */
  readonly setup: unknown;
}

/** Places in the shared array. */
export const SIGNAL = {
  /** Raised after every answer is in the caller's port, and when the worker ends: the caller sleeps on it. */
  news: 0,
  /** 1 when the worker has ended. */
  ended: 1,
  length: 2,
} as const;

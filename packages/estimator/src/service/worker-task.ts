import type { AnswerColumns } from './answer-columns.ts';

/** Jobs for a worker, each as JSON text of a `Job`. */
export interface WorkerTask {
  readonly jobs: readonly string[];
  /** Four bytes in which the worker writes, as an i32, which job it is at: whoever replaces it knows the one that was too much. */
  readonly progress: SharedArrayBuffer;
}

/** Answers to the first jobs of a task, at least to one: a worker that has been at it for long leaves the others to the queue. */
export type TaskResult =
  | { readonly answers: AnswerColumns }
  | { readonly failure: { readonly code: string; readonly message: string; readonly hint: string } };

/** What a worker is started with: plain data. */
export interface WorkerSetup {
  /** Module whose default export is a `Compose`. */
  readonly compose: string;
  /** What it is called with. */
  readonly composeWith: unknown;
  readonly options: RuntimeOptions;
}

/** What a worker's jobs may use. */
export interface RuntimeOptions {
  /** Largest gas limit; the configuration's own if that is lower. */
  readonly gas: bigint | undefined;
  readonly responseBytes: number;
  /** Where workers share compiled code when the configuration names no directory. */
  readonly codeCacheDirectory?: string;
}

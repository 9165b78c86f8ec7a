import { VmError, type VmErrorCode } from '@switchyard/core';
import { Piscina } from 'piscina';
import type { TaskResult, WorkerSetup, WorkerTask } from './worker-task.ts';

/** Why a worker was replaced. */
export type Replacement = 'time' | 'memory' | 'crash';

/** What came of a task. */
export type PoolResult =
  | { readonly kind: 'done'; readonly result: TaskResult }
  /** The worker is gone; `at` is the job that it was at. */
  | { readonly kind: 'lost'; readonly reason: Replacement; readonly at: number };

/** Runs tasks, `size` at a time and one more where its caller has a reason. */
export interface TaskPool {
  readonly size: number;
  readonly replaced: Readonly<Record<Replacement, number>>;
  run(jobs: readonly string[]): Promise<PoolResult>;
  close(): Promise<void>;
}

/** How workers are limited. */
export interface PoolOptions {
  readonly setup: WorkerSetup;
  readonly workerFile: URL;
  readonly size: number;
  /** Most time for a job. It ends between this and a quarter more. */
  readonly timeMs: number;
  /** JavaScript heap of a worker in MiB. Memory of machines is bounded by their engines. */
  readonly heapMb: number;
}

interface RunningTask {
  readonly progress: Int32Array;
  readonly abort: AbortController;
  /** The job it was at, and since when, by this thread's clock. */
  at: number;
  since: number;
}

/** What a worker is at before its first job: opening state and engines takes half a second, more where much else runs. */
const OPENING = -1;

/** Most time for that. */
const OPENING_MS = 30_000;

/** Stack of a worker: contract calls nest as JavaScript calls, 256 deep, and the reference tier needs most. */
const STACK_MB = 8;

/**
 * Worker threads over piscina. One more is started than works: it takes over when another one is ended, since a new one loads for half
 * a second.
 */
export class WorkerPool implements TaskPool {
  readonly size: number;
  readonly replaced: Record<Replacement, number> = { time: 0, memory: 0, crash: 0 };
  readonly #timeMs: number;
  readonly #piscina: Piscina<WorkerTask, TaskResult>;
  readonly #running = new Set<RunningTask>();
  #clock: NodeJS.Timeout | undefined;

  constructor({ setup, workerFile, size, timeMs, heapMb }: PoolOptions) {
    this.size = size;
    this.#timeMs = timeMs;
    this.#piscina = new Piscina({
      filename: workerFile.href,
      minThreads: size + 1,
      maxThreads: size + 1,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: heapMb, stackSizeMb: STACK_MB },
    });
    // Reported by the tasks that it ends; nobody else may end the process for it.
    this.#piscina.on('error', () => {});
  }

  async run(jobs: readonly string[]): Promise<PoolResult> {
    const buffer = new SharedArrayBuffer(4);
    const task: RunningTask = {
      progress: new Int32Array(buffer),
      abort: new AbortController(),
      at: OPENING,
      since: performance.now(),
    };
    Atomics.store(task.progress, 0, OPENING);
    this.#running.add(task);
    this.#clock ??= setInterval(() => this.#endOverdue(), this.#timeMs / 4);
    try {
      const result = await this.#piscina.run({ jobs, progress: buffer }, { signal: task.abort.signal });
      return { kind: 'done', result };
    } catch (thrown) {
      const reason = reasonOf(thrown, task.abort.signal.aborted);
      this.replaced[reason]++;
      return { kind: 'lost', reason, at: Math.max(0, Atomics.load(task.progress, 0)) };
    } finally {
      this.#running.delete(task);
      if (this.#running.size === 0) {
        clearInterval(this.#clock);
        this.#clock = undefined;
      }
    }
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }

  /** Ends workers that have been at one job for too long. */
  #endOverdue(): void {
    const now = performance.now();
    for (const task of this.#running) {
      const at = Atomics.load(task.progress, 0);
      if (at !== task.at) {
        task.at = at;
        task.since = now;
      } else if (now - task.since >= (at === OPENING ? OPENING_MS : this.#timeMs)) task.abort.abort();
    }
  }
}

function reasonOf(thrown: unknown, isAborted: boolean): Replacement {
  if (isAborted) return 'time';
  return (thrown as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
}

/** What the job that a lost worker was at is answered with. */
export function lostError(
  reason: Replacement,
  { timeMs, heapMb }: { timeMs: number; heapMb: number },
): VmError {
  const [code, message]: readonly [VmErrorCode, string] = {
    time: ['TIME_LIMIT_EXCEEDED', `the request took more than ${timeMs} ms.`] as const,
    memory: ['MEMORY_LIMIT_EXCEEDED', `the request needed more than ${heapMb} MiB.`] as const,
    crash: ['INTERNAL', 'the worker that ran the request has crashed.'] as const,
  }[reason];
  return new VmError(code, message);
}

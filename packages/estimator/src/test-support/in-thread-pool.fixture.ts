import type { Runtime } from '../run/runtime.ts';
import { toColumns } from '../service/answer-columns.ts';
import type { PoolResult, Replacement, TaskPool } from '../service/worker-pool.ts';
import { answerTask } from '../worker/answer-task.ts';

/** Runs jobs in this thread: for tests and for hosts that trust their callers. Nothing ends a job that takes long but its gas. */
export class InThreadPool implements TaskPool {
  readonly size = 1;
  readonly replaced: Readonly<Record<Replacement, number>> = { time: 0, memory: 0, crash: 0 };
  readonly #runtime: Runtime;
  readonly #close: () => Promise<void>;

  constructor(runtime: Runtime, close: () => Promise<void>) {
    this.#runtime = runtime;
    this.#close = close;
  }

  async run(jobs: readonly string[]): Promise<PoolResult> {
    const answers = answerTask(this.#runtime, jobs, () => {});
    return { kind: 'done', result: { answers: toColumns(answers) } };
  }

  close(): Promise<void> {
    return this.#close();
  }
}

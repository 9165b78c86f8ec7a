import { toVmError } from '@switchyard/core';
import { workerData } from 'piscina';
import { type Compose, createRuntime } from '../app/create-runtime.ts';
import { publicError } from '../run/public-error.ts';
import type { Runtime } from '../run/runtime.ts';
import { toColumns } from '../service/answer-columns.ts';
import type { TaskResult, WorkerSetup, WorkerTask } from '../service/worker-task.ts';
import { answerTask } from './answer-task.ts';

let runtime: Runtime | undefined;

// Begun when the thread starts, so that a spare worker is open when it is needed.
let opening: Promise<Runtime> | undefined = open(workerData as WorkerSetup);
opening.catch(() => {});

/** Answers jobs in a worker thread. What keeps it from opening is tried again with the next task. */
export default async function work({ jobs, progress }: WorkerTask): Promise<TaskResult> {
  try {
    opening ??= open(workerData as WorkerSetup);
    runtime ??= await opening;
  } catch (thrown) {
    opening = undefined;
    // Who starts the service is told all; its clients, once it listens, are not.
    const isOpen = jobs.length > 0;
    const { code, message, hint } = isOpen ? publicError(toVmError(thrown)) : toVmError(thrown);
    return { failure: { code, message, hint } };
  }
  const at = new Int32Array(progress);
  const answers = answerTask(runtime, jobs, (index) => void Atomics.store(at, 0, index));
  return { answers: toColumns(answers) };
}

async function open({ compose, composeWith, options }: WorkerSetup): Promise<Runtime> {
  const { default: parts } = (await import(compose)) as { readonly default: Compose };
  return createRuntime(await parts(composeWith), options);
}

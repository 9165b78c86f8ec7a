import { type RunAnswer, runJob } from '../run/run-job.ts';
import type { Runtime } from '../run/runtime.ts';
import type { Job } from '../service/service.ts';

/** Milliseconds after which a worker gives back what it has, so that a cheap job's answer does not wait for the dear ones behind it. */
const SLICE_MS = 20;

/**
 * Answers the jobs of a task in order, as many as a slice of time holds and at least one.
 * @param tell is told the index of each job before it runs.
 */
export function answerTask(
  runtime: Runtime,
  jobs: readonly string[],
  tell: (index: number) => void,
): readonly RunAnswer[] {
  const answers: RunAnswer[] = [];
  const end = performance.now() + SLICE_MS;
  for (let index = 0; index < jobs.length; index++) {
    if (index > 0 && performance.now() > end) break;
    tell(index);
    answers.push(runJob(runtime, JSON.parse(jobs[index]!) as Job));
  }
  return answers;
}

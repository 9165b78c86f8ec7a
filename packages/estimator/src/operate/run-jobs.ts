import type { Span } from '@opentelemetry/api';
import type { FastifyBaseLogger } from 'fastify';
import { internalFailure } from '../http/fault-text.ts';
import { type Answer, type EstimatorService, type Job, NOTHING_RAN } from '../service/service.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

/** What the protocols need to have jobs answered. */
export interface JobRunner {
  /** Answers jobs in order. Never rejects. */
  run(jobs: readonly Job[], client: string, request: Span): Promise<readonly Answer[]>;
}

/** Runs jobs on the service, counts their answers and opens their spans. */
export function createJobRunner(
  service: EstimatorService,
  metrics: Metrics | undefined,
  tracing: Tracing,
  log: FastifyBaseLogger,
): JobRunner {
  return {
    async run(jobs, client, request) {
      const spans = tracing.startJobs(jobs, request);
      const answers = await service.run(jobs, client).catch((error: unknown) => {
        log.error({ err: error }, 'the service threw');
        return jobs.map(() => ({ ok: false, ...internalFailure(), facts: NOTHING_RAN }) as Answer);
      });
      tracing.endJobs(spans, answers);
      if (metrics !== undefined) {
        for (let i = 0; i < jobs.length; i++) metrics.answer(jobs[i]!.method, answers[i]!.facts);
      }
      return answers;
    },
  };
}

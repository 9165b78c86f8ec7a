import { VmError } from '@switchyard/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { METHODS, type MethodName } from '../api/methods.ts';
import { JSON_TYPE, readBody, sendText } from '../http/bodies.ts';
import type { BodyTurns } from '../http/body-turns.ts';
import { failureOf } from '../http/fault-text.ts';
import { parseJson } from '../http/parse-json.ts';
import { type ParamsPlace, readJob } from '../http/read-job.ts';
import { Refusal } from '../http/refusal.ts';
import { refuseByRest } from '../http/refuse-by-rest.ts';
import type { Metrics } from '../operate/metrics.ts';
import type { JobRunner } from '../operate/run-jobs.ts';
import { outcomeOf } from '../rpc/dispatcher.ts';
import { methodOperation, type SecurityChoice } from './openapi/operations.ts';

const BODY: ParamsPlace = { prefix: '', whole: 'the body' };
const QUERY: ParamsPlace = { prefix: '', whole: 'the query' };

/** Mounts an endpoint for every method of the table. Its params are the body of a POST, the query of a GET. */
export function mountRest(
  app: FastifyInstance,
  turns: BodyTurns,
  runner: JobRunner,
  metrics: Metrics | undefined,
  security: SecurityChoice,
): void {
  readBody(app, turns, parseJson);
  for (const method of Object.keys(METHODS) as MethodName[]) {
    const { http } = METHODS[method];
    const isGet = http.method === 'GET';
    const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const { facts } = request;
      facts.calls = method;
      const job = readJob(method, isGet ? request.query : request.body, isGet ? QUERY : BODY);
      if (job instanceof VmError) {
        metrics?.call(method, 'request');
        return refuseByRest(reply, new Refusal(failureOf(job)));
      }
      const answer = (await runner.run([job], facts.caller!.client, facts.span))[0]!;
      metrics?.call(method, outcomeOf(answer));
      return answer.ok ? sendText(reply, JSON_TYPE, answer.json) : refuseByRest(reply, new Refusal(answer));
    };
    app.route({ method: http.method, url: http.path, schema: methodOperation(method, security), handler });
  }
}

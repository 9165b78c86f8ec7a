import type { FastifySchema } from 'fastify';
import type { z } from 'zod';
import { METHODS, type MethodName } from '../../api/methods.ts';
import { refTo } from './components.ts';
import { errorBody, health, readiness, rpcAnswer, rpcBody, rpcRefusal } from './schemas.ts';

/** How clients may prove who they are; none where the service has no keys. */
export type SecurityChoice = 'none' | 'optional' | 'required';

const RETRY_AFTER = {
  'retry-after': { type: 'integer', minimum: 0, description: 'Seconds after which to ask again.' },
};

const REFUSALS = {
  '400': 'The request is not valid; `error.message` names the field.',
  '401': 'There is no key, or a wrong one.',
  '408': 'The request did not arrive whole in time.',
  '413': 'The body is longer than the service takes.',
  '415': 'The body is not JSON.',
  '422': 'The contract fails at any gas, or the request asks for more than the service gives.',
  '429': 'This client calls more than it may.',
  '500': 'A bug.',
  '503': 'There is no room in the queue, the state cannot be read now, or the service is stopping.',
} as const;

type RefusalStatus = keyof typeof REFUSALS;

/** Refusals of a request with a body, and of one without. */
const WITH_BODY: readonly RefusalStatus[] = ['400', '408', '413', '415', '422', '429', '500', '503'];
const WITHOUT_BODY: readonly RefusalStatus[] = ['400', '422', '429', '500', '503'];

/** What the document says of a method's endpoint. */
export function methodOperation(method: MethodName, security: SecurityChoice): FastifySchema {
  const { http, params, result, summary, description } = METHODS[method];
  const isGet = http.method === 'GET';
  const statuses = [
    ...(isGet ? WITHOUT_BODY : WITH_BODY),
    ...(security === 'none' ? [] : ['401' as const]),
  ].sort();
  return {
    operationId: method,
    summary,
    description,
    tags: ['methods'],
    ...(isGet ? {} : { body: { content: json(params) } }),
    response: {
      200: { description: 'The answer.', content: json(result) },
      ...Object.fromEntries(statuses.map((status) => [status, refusal(status, errorBody)])),
    },
    ...securityOf(security),
  };
}

/** What the document says of JSON-RPC. */
export function rpcOperation(security: SecurityChoice): FastifySchema {
  const statuses = (['401', '408', '413', '415', '429', '500', '503'] as const).filter(
    (status) => status !== '401' || security !== 'none',
  );
  return {
    operationId: 'rpc',
    summary: 'All methods by JSON-RPC 2.0',
    description:
      'Single requests, batches and notifications; also at POST `/`. Errors of calls have status 200 and a code: 3 when the contract fails at any gas, -32602 for wrong params, -32005 for a limit.',
    tags: ['json-rpc'],
    body: {
      content: json(rpcBody),
    },
    response: {
      200: { description: 'The answers, or why there are none.', content: json(rpcAnswer) },
      204: { description: 'There were notifications alone.', type: 'null' },
      ...Object.fromEntries(statuses.map((status) => [status, refusal(status, rpcRefusal)])),
    },
    ...securityOf(security),
  };
}

export const HEALTH_OPERATION: FastifySchema = {
  operationId: 'health',
  summary: 'The process lives',
  tags: ['operation'],
  response: { 200: { description: 'It does.', content: json(health) } },
};

export const READY_OPERATION: FastifySchema = {
  operationId: 'ready',
  summary: 'Requests can be answered now',
  tags: ['operation'],
  response: {
    200: { description: 'They can.', content: json(readiness) },
    503: { description: 'They cannot; `parts` says why.', content: json(readiness) },
  },
};

/** What the document says of GET /metrics. */
export function metricsOperation(security: SecurityChoice): FastifySchema {
  return {
    operationId: 'metrics',
    summary: "Numbers in Prometheus's text format",
    tags: ['operation'],
    response: {
      200: { description: 'The numbers.', content: { 'text/plain': { schema: { type: 'string' } } } },
      ...(security === 'none' ? {} : { 401: refusal('401', errorBody) }),
    },
    ...securityOf(security),
  };
}

function json(schema: z.ZodType) {
  return { 'application/json': { schema: refTo(schema) } };
}

function refusal(status: RefusalStatus, schema: z.ZodType) {
  const headers = status === '429' || status === '503' ? { headers: RETRY_AFTER } : {};
  return { description: REFUSALS[status], ...headers, content: json(schema) };
}

function securityOf(choice: SecurityChoice): Pick<FastifySchema, 'security'> {
  if (choice === 'none') return {};
  const keys = [{ bearer: [] }, { apiKey: [] }];
  return { security: choice === 'optional' ? [{}, ...keys] : keys };
}

import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from '../operate/metrics.ts';
import type { Tracing } from '../operate/tracing.ts';
import type { StopState } from './graceful-stop.ts';
import type { RequestFacts } from './request-facts.ts';

/** Headers of every answer; the page's files bring a policy of their own. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/** Where what is noted goes. */
export interface NoteTaker {
  readonly log: FastifyBaseLogger;
  readonly tracing: Tracing;
  readonly metrics: Metrics | undefined;
  readonly state: StopState;
}

/**
 * Notes what each request is and how it ends: a line in the log, a span, a number; and gives its answer an id and the headers of all. Listens
 * to the response itself: fastify's onResponse costs a tenth of a cached answer.
 */
export function noteRequests(app: FastifyInstance, taker: NoteTaker): void {
  app.decorateRequest('facts', null as unknown as RequestFacts);
  app.addHook('onRequest', (request, reply, done) => {
    const path = pathOf(request.url);
    const span = taker.tracing.startRequest(request.method, path, request.headers);
    request.facts = {
      span,
      path,
      startedAt: performance.now(),
      caller: undefined,
      calls: undefined,
    };
    reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
    taker.state.inFlight.add(request.raw);
    // An answer that was sent has ended when it closes; one that the client did not wait for only closes.
    reply.raw.on('close', () => {
      noteEnd(request, reply, taker, reply.raw.writableEnded ? 'request' : 'the client did not wait');
    });
    done();
  });
}

function noteEnd(
  request: FastifyRequest,
  reply: FastifyReply,
  { log, tracing, metrics, state }: NoteTaker,
  message: string,
): void {
  const { facts } = request;
  state.inFlight.delete(request.raw);
  const { statusCode: status } = reply;
  const client = facts.caller?.client;
  log.info(
    {
      id: request.id,
      method: request.method,
      path: facts.path,
      calls: facts.calls,
      status,
      ms: Math.round((performance.now() - facts.startedAt) * 1000) / 1000,
      client,
      bytes: Number(reply.getHeader('content-length') ?? 0),
    },
    message,
  );
  metrics?.response(status);
  tracing.endRequest(facts.span, status, client);
}

/** Path without the query, cut: it is the client's text. */
function pathOf(url: string): string {
  const query = url.indexOf('?');
  return url.slice(0, Math.min(query === -1 ? url.length : query, 200));
}

import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../operate/metrics.ts';
import type { Tracing } from '../operate/tracing.ts';
import type { RequestFacts } from './request-facts.ts';

/** Headers of every answer; the page's files bring a policy of their own. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Notes what each request is and how it ends: a line in the log, a span, a number; and gives its answer an id and the headers of all. */
export function noteRequests(app: FastifyInstance, tracing: Tracing, metrics: Metrics | undefined): void {
  app.decorateRequest('facts', null as unknown as RequestFacts);
  app.addHook('onRequest', (request, reply, done) => {
    const span = tracing.startRequest(request.method, pathOf(request.url), request.headers);
    request.facts = { span, caller: undefined, calls: undefined };
    reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { facts } = request;
    const { statusCode: status } = reply;
    const client = facts.caller?.client;
    request.log.info(
      {
        id: request.id,
        method: request.method,
        path: pathOf(request.url),
        calls: facts.calls,
        status,
        ms: Math.round(reply.elapsedTime * 1000) / 1000,
        client,
        bytes: Number(reply.getHeader('content-length') ?? 0),
      },
      'request',
    );
    metrics?.response(status);
    tracing.endRequest(facts.span, status, client);
    done();
  });
}

/** Path without the query, cut: it is the client's text. */
function pathOf(url: string): string {
  const query = url.indexOf('?');
  return url.slice(0, Math.min(query === -1 ? url.length : query, 200));
}

import type { FastifyInstance, FastifyReply } from 'fastify';
import { JSON_TYPE, sendText } from './bodies.ts';
import { restErrorText } from './fault-text.ts';
import { badRequest, type Refusal, type RefusalContext, refusalOf } from './refusal.ts';

/** Answers with the refusal in the error shape of REST. */
export function refuseByRest(reply: FastifyReply, { failure, status }: Refusal): FastifyReply {
  if (failure.retryAfterSeconds !== undefined) reply.header('retry-after', failure.retryAfterSeconds);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return sendText(reply.code(status), JSON_TYPE, restErrorText(failure));
}

/** Gives everything that goes wrong outside of JSON-RPC the error shape of REST: also unknown paths (404) and methods (405). */
export function handleErrors(app: FastifyInstance, context: RefusalContext): void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    for (const name of [method].flat()) known.add(name);
    methods.set(url, known);
  });
  app.setErrorHandler((error, request, reply) => refuseByRest(reply, refusalOf(error, request.id, context)));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!;
    const known = methods.get(path);
    if (known === undefined) {
      const hint = 'GET /openapi.json lists the paths of this service.';
      return refuseByRest(reply, badRequest(404, `There is nothing at ${JSON.stringify(cut(path))}.`, hint));
    }
    const allowed = [...known].sort().join(', ');
    reply.header('allow', allowed);
    const message = `${path}: expected method ${allowed}, found ${request.method}.`;
    return refuseByRest(
      reply,
      badRequest(405, message, 'Use one of the methods that the header Allow lists.'),
    );
  });
}

function cut(path: string): string {
  return path.length > 80 ? `${path.slice(0, 80)}…` : path;
}

import { VmError } from '@switchyard/core';
import type { FastifyInstance } from 'fastify';
import { failureOf } from './fault-text.ts';
import { Refusal } from './refusal.ts';

/** Bodies of the largest size that may be on their way together. */
const MOST_BODIES = 32;

/** When to send a body again that found no room. */
const RETRY_SECONDS = 1;

/**
 * Bounds the memory of all bodies that are on their way or being answered: a thousand connections with a large body each would take gigabytes. A
 * body that does not tell its length counts as the largest.
 */
export function boundBodies(app: FastifyInstance, bodyBytes: number): void {
  const most = bodyBytes * MOST_BODIES;
  let held = 0;
  app.addHook('onRequest', (request, reply, done) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    const bytes = encoding === undefined ? Number(length ?? 0) : bodyBytes;
    // One that is too long is refused by its length, and never held.
    if (!(bytes > 0 && bytes <= bodyBytes)) return done();
    if (held + bytes > most) {
      const error = new VmError('QUEUE_FULL', `bodies of ${most} bytes are on their way already.`);
      return done(new Refusal(failureOf(error, RETRY_SECONDS)));
    }
    held += bytes;
    reply.raw.once('close', () => {
      held -= bytes;
    });
    done();
  });
}

import type { FastifyInstance } from 'fastify';

/** So much of a body that nobody wants is read, in bodies of the largest size that would have been taken. */
const MOST_BODIES = 4;

/**
 * Lets an answer that refuses a request wait until the client has sent it, and drops what comes: closing a connection on which bytes still
 * arrive resets it, and the client would lose the answer that tells it why. A body that is far too long is not waited for, and the time for
 * requests bounds slow ones.
 */
export function drainBodies(app: FastifyInstance, bodyBytes: number): void {
  app.addHook('onSend', (request, _reply, payload, done) => {
    const { raw } = request;
    const { 'content-length': length, 'transfer-encoding': encoding } = raw.headers;
    const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
    if (!hasBody || raw.complete || raw.readableEnded || raw.destroyed) {
      done(null, payload);
      return;
    }
    let left = bodyBytes * MOST_BODIES;
    const end = (): void => {
      raw.off('data', count).off('end', end).off('close', end);
      done(null, payload);
    };
    const count = (chunk: Uint8Array): void => {
      left -= chunk.length;
      if (left <= 0) end();
    };
    raw.on('data', count).once('end', end).once('close', end);
    raw.resume();
  });
}

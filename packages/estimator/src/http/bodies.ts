import type { FastifyInstance, FastifyReply } from 'fastify';
import { unsupportedMediaType } from './refusal.ts';

/** Content type of JSON, which is UTF-8 by definition. */
export const JSON_TYPE = 'application/json';

/** Takes bodies of JSON alone, as `parse` reads them; anything else is 415. */
export function readBody(app: FastifyInstance, parse: (body: Buffer) => unknown): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') return done(unsupportedMediaType());
    try {
      done(null, parse(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Sends text that is what the client is to get, byte for byte. */
export function sendText(reply: FastifyReply, contentType: string, text: string): FastifyReply {
  return reply.header('content-type', contentType).send(text);
}

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { BodyTurns } from './body-turns.ts';
import { unsupportedMediaType } from './refusal.ts';

/** Content type of JSON, which is UTF-8 by definition. */
export const JSON_TYPE = 'application/json';

/** Takes bodies of JSON alone, as `parse` reads them when it is their turn; anything else is 415. */
export function readBody(app: FastifyInstance, turns: BodyTurns, parse: (body: Buffer) => unknown): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') return done(unsupportedMediaType());
    turns.take(body.length, () => {
      let value: unknown;
      try {
        value = parse(body as Buffer);
      } catch (error) {
        return done(error as Error);
      }
      done(null, value);
    });
  });
}

/** Sends text that is what the client is to get, byte for byte. */
export function sendText(reply: FastifyReply, contentType: string, text: string): FastifyReply {
  return reply.header('content-type', contentType).send(text);
}

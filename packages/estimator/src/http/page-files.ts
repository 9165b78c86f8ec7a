import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** A file of the service's page. */
export interface PageFile {
  /** Where it is served: `/`, or a path below `/page/`. */
  readonly path: string;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** Content-Security-Policy of the file; absent: nothing may be loaded. */
  readonly csp?: string;
}

/** The files of the page; one of them is `/`. */
export type PageFiles = readonly PageFile[];

/** Serves the files as they are, each with an ETag by which a browser asks whether its copy is still good. */
export function mountPage(app: FastifyInstance, files: PageFiles): void {
  for (const { path, contentType, body, csp } of files) {
    const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body);
    const etag = etagOf(bytes);
    app.get(path, { schema: { hide: true } }, (request, reply) => {
      reply.header('etag', etag).header('cache-control', 'no-cache');
      if (csp !== undefined) reply.header('content-security-policy', csp);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.header('content-type', contentType).send(bytes);
    });
  }
}

/** ETag of bytes: it changes with them. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
}

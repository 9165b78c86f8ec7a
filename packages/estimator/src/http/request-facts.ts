import type { Span } from '@opentelemetry/api';
import type { Caller } from '../operate/access.ts';

/** What the server notes of a request while it answers: for the log, the spans and the queue. */
export interface RequestFacts {
  readonly span: Span;
  /** Path without the query. */
  readonly path: string;
  /** In milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** Undefined until the request is let in, and where nobody asks. */
  caller: Caller | undefined;
  /** Methods called, for the log: `vm_execute`, `vm_execute×99 vm_engines`. */
  calls: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    facts: RequestFacts;
  }
}

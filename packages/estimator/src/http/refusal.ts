import { VmError } from '@switchyard/core';
import type { FastifyBaseLogger } from 'fastify';
import { FAULT_KINDS } from '../api/fault-kinds.ts';
import { type Failure, failureOf, internalFailure, kindOf } from './fault-text.ts';

/** Ends a whole HTTP request with a failure. For use inside the server: its error handlers make the protocol's answer of it. */
export class Refusal extends Error {
  readonly failure: Failure;
  /** HTTP status. */
  readonly status: number;

  constructor(failure: Failure, status: number = FAULT_KINDS[kindOf(failure)].http) {
    super(failure.message);
    this.name = 'Refusal';
    this.failure = failure;
    this.status = status;
  }
}

/** A refusal of what is wrong with the HTTP request itself. */
export function badRequest(status: number, message: string, hint?: string): Refusal {
  const error = new VmError('REQUEST_INVALID', message, hint === undefined ? {} : { hint });
  return new Refusal(failureOf(error), status);
}

/** What fastify says of a request, in our words. */
const FASTIFY_ERRORS: Readonly<Record<string, (bodyBytes: number) => Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (bodyBytes) =>
    badRequest(
      413,
      `the body: expected at most ${bodyBytes} bytes, found more.`,
      'Send less, or raise `estimator.limits.bodyBytes`.',
    ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => unsupportedMediaType(),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    badRequest(400, 'the body: expected as many bytes as Content-Length says, found another number.'),
};

/** The refusal that a body of another kind than JSON gets. */
export function unsupportedMediaType(): Refusal {
  return badRequest(
    415,
    'Content-Type: expected application/json without Content-Encoding, found something else.',
    'Send JSON with `Content-Type: application/json`.',
  );
}

/** What refusals need to know of the server. */
export interface RefusalContext {
  readonly log: FastifyBaseLogger;
  /** Longest body. */
  readonly bodyBytes: number;
}

/** The refusal that something thrown stands for. What nobody expects is a bug: the log has it, and the client the id to find it by. */
export function refusalOf(thrown: unknown, id: string, { log, bodyBytes }: RefusalContext): Refusal {
  if (thrown instanceof Refusal) return thrown;
  if (thrown instanceof VmError) return new Refusal(failureOf(thrown));
  const code = (thrown as { readonly code?: unknown } | undefined)?.code;
  if (typeof code === 'string' && Object.hasOwn(FASTIFY_ERRORS, code))
    return FASTIFY_ERRORS[code]!(bodyBytes);
  log.error({ err: thrown, id }, 'a request failed');
  return new Refusal(internalFailure());
}

import { randomUUID } from 'node:crypto';
import type { ServerOptions as HttpOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyServerOptions } from 'fastify';
import type { EstimatorConfig } from '../config/config.ts';
import { restErrorText } from './fault-text.ts';
import { SECURITY_HEADERS } from './note-requests.ts';
import { badRequest, type Refusal } from './refusal.ts';
import { refuseByRest } from './refuse-by-rest.ts';

/** An id of a request that may be repeated in headers and logs. */
const SANE_ID = /^[\w.:-]{1,128}$/;

/** How fastify and node:http are set up: ids of requests, bounds of time and size, and errors before a request is one. */
export function fastifyOptions(
  config: EstimatorConfig,
): FastifyServerOptions & { readonly http: HttpOptions } {
  const { bodyBytes, bodyTimeoutMs } = config.limits;
  const { trustProxy } = config;
  return {
    // `noteRequests` writes a line a request; fastify's own log makes a logger for each.
    logger: false,
    genReqId: ({ headers: { 'x-request-id': id } }) =>
      typeof id === 'string' && SANE_ID.test(id) ? id : randomUUID(),
    bodyLimit: bodyBytes,
    requestTimeout: bodyTimeoutMs,
    http: {
      headersTimeout: bodyTimeoutMs,
      // node:http looks after slow requests so often.
      connectionsCheckingInterval: Math.min(1000, Math.ceil(bodyTimeoutMs / 4)),
    },
    trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    // Requests while the server stops are refused in the protocol's own shape.
    return503OnClosing: false,
    frameworkErrors: (_error, request, reply) => {
      // No hook has seen this request.
      reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
      refuseByRest(reply, badRequest(400, 'the path: expected percent-encoded UTF-8, found something else.'));
    },
    clientErrorHandler(error, socket) {
      answerBrokenRequest(error as NodeJS.ErrnoException, socket);
    },
  };
}

const BROKEN: Readonly<Record<string, () => Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: () =>
    badRequest(
      408,
      'The request did not arrive whole in time.',
      'Send it faster, or raise `estimator.limits.bodyTimeoutMs`.',
    ),
  HPE_HEADER_OVERFLOW: () => badRequest(431, 'The headers are longer than the service takes.'),
};

const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** Answers what node:http could not make a request of, and ends the connection. */
function answerBrokenRequest(
  error: NodeJS.ErrnoException,
  socket: Socket & { _httpMessage?: { headersSent: boolean } },
): void {
  // An answer that has begun cannot become another one.
  if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy();
    return;
  }
  const refusal = (BROKEN[error.code ?? ''] ?? (() => badRequest(400, 'The request is not HTTP/1.1.')))();
  const body = restErrorText(refusal.failure);
  const head = [
    `HTTP/1.1 ${refusal.status} ${PHRASES[refusal.status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

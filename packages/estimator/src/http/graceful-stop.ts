import type { IncomingMessage } from 'node:http';
import { VmError } from '@switchyard/core';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../operate/access.ts';
import { failureOf } from './fault-text.ts';
import { Refusal } from './refusal.ts';

/** Whether the server is going down, and what it still has to answer. */
export interface StopState {
  isStopping: boolean;
  /** Requests whose head has come and whose answer is not sent. */
  readonly inFlight: Set<IncomingMessage>;
}

/** Seconds after which a client may ask again: another instance, or this one after its restart. */
const RETRY_AFTER_SECONDS = 1;

/** For so long, in milliseconds, requests on open connections are still refused with an answer. */
const GRACE_MS = 200;

/** How often connections that have become idle are ended while the server stops, in milliseconds. */
const SWEEP_MS = 20;

/**
 * Makes `close()` graceful: no new connections, calls that come on open ones are refused, those in flight are answered; then `finish`.
 * Connections end with the answer that they wait for; a request that has not arrived whole within `bodyTimeoutMs` is not waited for.
 */
export function stopGracefully(
  app: FastifyInstance,
  bodyTimeoutMs: number,
  finish: () => Promise<void>,
): StopState {
  const state: StopState = { isStopping: false, inFlight: new Set() };
  let sweep: NodeJS.Timeout | undefined;
  app.addHook('preClose', (done) => {
    state.isStopping = true;
    // node:http closes connections that are idle when the stop begins. It leaves those on which nothing was ever asked, those that an
    // answer in flight was promised to keep, and no longer looks after slow ones.
    const deadline = performance.now() + bodyTimeoutMs;
    const close = (): void => {
      sweep = setInterval(() => {
        app.server.closeIdleConnections();
        if (state.inFlight.size === 0) app.server.closeAllConnections();
        else if (performance.now() > deadline) endUnfinished(state.inFlight);
      }, SWEEP_MS);
      done();
    };
    // What has arrived and is not read yet would be lost with its connection: it is read, refused, and told that the connection ends.
    app.server.getConnections((_error, count) => {
      if (count > 0) setTimeout(close, GRACE_MS);
      else close();
    });
  });
  app.addHook('onClose', async () => {
    clearInterval(sweep);
    await finish();
  });
  return state;
}

function endUnfinished(requests: Iterable<IncomingMessage>): void {
  for (const request of requests) if (!request.complete) request.destroy();
}

/** Lets requests in that have a key where one is needed, counted as so many calls, and only while the server is not stopping. */
export function letIn(app: FastifyInstance, access: Access, state: StopState, calls: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    try {
      if (state.isStopping) {
        reply.header('connection', 'close');
        throw stopping();
      }
      const caller = access.identify(request);
      request.facts.caller = caller;
      if (calls > 0) access.admit(caller, calls);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}

function stopping(): Refusal {
  const error = new VmError('SERVICE_STOPPING', 'The service is stopping and takes no more requests.');
  return new Refusal(failureOf(error, RETRY_AFTER_SECONDS));
}

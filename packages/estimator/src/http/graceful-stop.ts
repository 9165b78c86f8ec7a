import { VmError } from '@switchyard/core';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../operate/access.ts';
import { failureOf } from './fault-text.ts';
import { Refusal } from './refusal.ts';

/** Whether the server is going down. */
export interface StopState {
  isStopping: boolean;
}

/** Seconds after which a client may ask again: another instance, or this one after its restart. */
const RETRY_AFTER_SECONDS = 1;

/** How often connections that have become idle are ended while the server stops, in milliseconds. */
const SWEEP_MS = 20;

/**
 * Makes `close()` graceful: no new connections, calls that come on open ones are refused, those in flight are answered; then `finish`.
 * Connections end with the answer that they wait for.
 */
export function stopGracefully(app: FastifyInstance, finish: () => Promise<void>): StopState {
  const state: StopState = { isStopping: false };
  let sweep: NodeJS.Timeout | undefined;
  app.addHook('preClose', (done) => {
    state.isStopping = true;
    // What is in flight was promised a connection that stays open; node:http closes only those that are idle when the stop begins.
    sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
    done();
  });
  app.addHook('onClose', async () => {
    clearInterval(sweep);
    await finish();
  });
  return state;
}

/** Lets requests in that have a key where one is needed, counted as so many calls, and only while the server is not stopping. */
export function letIn(app: FastifyInstance, access: Access, state: StopState, calls: number): void {
  app.addHook('onRequest', (request, _reply, done) => {
    try {
      if (state.isStopping) throw stopping();
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

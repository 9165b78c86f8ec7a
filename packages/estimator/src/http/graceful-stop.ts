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

/**
 * Makes `close()` graceful: no new connections, calls that come on open ones are refused, those in flight are answered; then `finish`.
 * Connections end with the answer that they wait for.
 */
export function stopGracefully(app: FastifyInstance, finish: () => Promise<void>): StopState {
  const state: StopState = { isStopping: false };
  app.addHook('preClose', (done) => {
    state.isStopping = true;
    done();
  });
  app.addHook('onResponse', (_request, _reply, done) => {
    if (state.isStopping) setImmediate(() => app.server.closeIdleConnections());
    done();
  });
  app.addHook('onClose', finish);
  return state;
}

/** Lets calls in that have a key where one is needed, and only while the server is not stopping. */
export function letIn(app: FastifyInstance, access: Access, state: StopState): void {
  app.addHook('onRequest', (request, _reply, done) => {
    try {
      if (state.isStopping) throw stopping();
      request.facts.caller = access.identify(request);
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

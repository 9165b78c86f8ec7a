import { parentPort, workerData } from 'node:worker_threads';
import { toVmError } from '@switchyard/core';
import { loadEngines } from '../app/load-engines.ts';
import type { SessionRequest, SessionSetup } from './messages.ts';
import { answerRequest } from './serve-session.ts';
import { SideSession } from './side-session.ts';

/** A request's answer, or the failure in a form that can be sent. Answers come in the order of requests. */
export type WorkerAnswer =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly hint: string | undefined;
    };

/*
 * One side of a replay in a thread of its own. Requests are answered one after another; the first failure, also of the beginning, is the
 * answer to everything that follows.
 */
const setup = workerData as SessionSetup;
// A contract's failure is a VmError. Where in this program it was made is of no interest, and finding out took an eighth of a replay's time.
Error.stackTraceLimit = 0;
const port = parentPort!;
const opened = loadEngines(setup.engines).then((modules) => new SideSession(setup, modules));
let last: Promise<unknown> = opened;

port.on('message', (request: SessionRequest) => {
  last = last.then(async () => {
    const session = await opened;
    const value = await answerRequest(session, request);
    port.postMessage({ ok: true, value } satisfies WorkerAnswer);
  });
  last.catch((thrown: unknown) => {
    const { code, message, hint } = toVmError(thrown);
    port.postMessage({ ok: false, code, message, hint } satisfies WorkerAnswer);
  });
});

import { workerData } from 'node:worker_threads';
import { failureFields } from './failure.ts';
import {
  type AnswerMessage,
  type BridgeRequests,
  type BridgeWorkerData,
  type RequestMessage,
  SIGNAL,
} from './protocol.ts';

const { port, signal, setup } = workerData as BridgeWorkerData;

// A caller that sleeps hears no event. Said here already, for a worker whose other modules cannot be loaded.
process.on('exit', () => {
  Atomics.store(signal, SIGNAL.ended, 1);
  wake();
});

/** One function for each request. What it throws reaches the caller: a `Failure` as it is, anything else as INTERNAL. */
export type BridgeHandlers<R extends BridgeRequests<R>> = {
  readonly [K in keyof R]: (ask: R[K]['ask']) => Promise<R[K]['answer']> | R[K]['answer'];
};

/** What the caller gave the worker to begin with. */
export function bridgeSetup(): unknown {
  return setup;
}

/**
 * The worker's end of a bridge: answers requests one after another, in the order in which they were made.
 * @param close is called after the last one; then the worker ends.
 */
export function serveBridge<R extends BridgeRequests<R>>(
  handlers: BridgeHandlers<R>,
  close: () => Promise<void> | void = () => {},
): void {
  const answer = async ({ id, name, ask }: RequestMessage): Promise<AnswerMessage> => {
    try {
      return { id, answer: await handlers[name as keyof R](ask as R[keyof R]['ask']) };
    } catch (thrown) {
      return { id, failure: failureFields(thrown) };
    }
  };
  let last: Promise<void> = Promise.resolve();
  port.on('message', (request: RequestMessage | undefined) => {
    last = last.then(async () => {
      if (request === undefined) {
        await close();
        process.exit();
      }
      const message = await answer(request);
      // The answer first: who is woken must find it.
      port.postMessage(message);
      wake();
    });
  });
}

function wake(): void {
  Atomics.add(signal, SIGNAL.news, 1);
  Atomics.notify(signal, SIGNAL.news);
}

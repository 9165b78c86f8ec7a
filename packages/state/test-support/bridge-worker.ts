import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../src/bridge/failure.ts';
import { bridgeSetup, serveBridge } from '../src/bridge/serve-bridge.ts';

/** What the worker of the bridge's tests does. */
export interface TestRequests {
  readonly echo: { readonly ask: unknown; readonly answer: unknown };
  readonly later: { readonly ask: { readonly ms: number; readonly value: string }; readonly answer: string };
  readonly fail: { readonly ask: 'typed' | 'bug'; readonly answer: never };
  readonly crash: { readonly ask: 'exit' | 'throw'; readonly answer: never };
}

serveBridge<TestRequests>({
  echo: (ask) => (ask === 'setup' ? bridgeSetup() : ask),
  later: ({ ms, value }) => sleep(ms, value),
  fail(kind) {
    if (kind === 'bug') throw new TypeError('a bug');
    throw new Failure({
      code: 'STATE_CORRUPT',
      message: 'it is broken.',
      hint: 'Mend it.',
      details: { retryable: 'false' },
    });
  },
  crash(kind) {
    if (kind === 'exit') process.exit(3);
    if (kind === 'throw') {
      // Outside of the request, so that nobody catches it.
      queueMicrotask(() => {
        throw new Error('uncaught');
      });
    }
    return new Promise<never>(() => {});
  },
});

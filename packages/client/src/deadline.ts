import { EstimatorError } from './errors.ts';

/** Ends a call when its time is over or its caller wants it to. */
export interface Deadline {
  /** Aborted at the end. */
  readonly signal: AbortSignal;
  /** Why the call ended; undefined while it may go on. */
  reason(): EstimatorError | undefined;
  remainingMs(): number;
  /** Waits, less if the call ends meanwhile. */
  wait(milliseconds: number): Promise<void>;
  /** Lets go of the timer and of the caller's signal. */
  release(): void;
}

/** The longest that a timer takes; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Starts the time of a call. */
export function startDeadline(timeoutMs: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const end = Date.now() + timeoutMs;
  let reason: EstimatorError | undefined;
  const finish = (error: EstimatorError): void => {
    reason ??= error;
    controller.abort(reason);
  };
  const abort = (): void => {
    finish(new EstimatorError('ABORTED', 'The caller ended the call.', { cause: caller?.reason }));
  };
  const timer = setTimeout(
    () => {
      const message = `There was no answer within ${timeoutMs} ms; timeoutMs allows more.`;
      finish(new EstimatorError('TIMEOUT', message, { isRetryable: true }));
    },
    Math.min(timeoutMs, LONGEST_MS),
  );
  if (caller?.aborted) abort();
  else caller?.addEventListener('abort', abort);
  return {
    signal,
    reason: () => reason,
    remainingMs: () => end - Date.now(),
    wait: (milliseconds) =>
      new Promise((done) => {
        if (signal.aborted) return done();
        const stop = (): void => {
          clearTimeout(waiting);
          signal.removeEventListener('abort', stop);
          done();
        };
        const waiting = setTimeout(stop, milliseconds);
        signal.addEventListener('abort', stop);
      }),
    release() {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
}

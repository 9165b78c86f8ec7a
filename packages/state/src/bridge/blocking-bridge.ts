import { receiveMessageOnPort } from 'node:worker_threads';
import { VmError } from '@switchyard/core';
import { type AnswerMessage, type BridgeRequests, type RequestMessage, SIGNAL } from './protocol.ts';
import { type BridgeWorker, startWorker } from './start-worker.ts';

/** Time that a worker has to end by itself. */
const CLOSE_MS = 500;

/** How to make a bridge. */
export interface BridgeOptions {
  /** The worker's module, which calls `serveBridge`. */
  readonly file: URL;
  /** What the worker begins with; copied to it. */
  readonly setup: unknown;
  /** Longest wait for an answer, in milliseconds, unless a call names its own. It includes the start of the worker. */
  readonly timeoutMs: number;
  /** What messages call the far side: `the state store at …`. */
  readonly name: string;
}

/**
 * Asynchronous work for a caller that cannot await: a worker does it, and the calling thread sleeps until the answer is there. No event
 * loop turns meanwhile, so nothing else runs in between.
 *
 * A worker that gives no answer in time is ended, and so is its line: what it might still answer reaches nobody. The next call starts
 * another one.
 */
export class BlockingBridge<R extends BridgeRequests<R>> {
  readonly #options: BridgeOptions;
  #worker: BridgeWorker | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  /**
   * Asks, and blocks until the answer is there.
   * @throws VmError what the worker threw; STATE_UNAVAILABLE (`details.retryable` is `true`) when it gave no answer in time, or ended.
   */
  call<K extends keyof R & string>(
    name: K,
    ask: R[K]['ask'],
    timeoutMs = this.#options.timeoutMs,
  ): R[K]['answer'] {
    const id = this.#send(name, ask);
    const message = this.#wait(id, timeoutMs);
    if ('answer' in message) return message.answer;
    const { code, message: text, ...rest } = message.failure;
    throw new VmError(code, text, rest);
  }

  /** Asks without waiting; nobody learns of the answer. Does nothing when no worker runs. */
  post<K extends keyof R & string>(name: K, ask: R[K]['ask']): void {
    if (this.#worker !== undefined && !hasEnded(this.#worker)) this.#send(name, ask);
  }

  /** Lets the worker finish what it was asked and end; one that takes longer than half a second is ended in the middle of it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const line = this.#worker;
    this.#worker = undefined;
    if (line === undefined || hasEnded(line)) return;
    const { worker, port } = line;
    // Somebody waits now.
    worker.ref();
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    port.postMessage(undefined);
    const timer = setTimeout(() => void worker.terminate(), CLOSE_MS);
    await ended;
    clearTimeout(timer);
  }

  #send(name: string, ask: unknown): number {
    if (this.#isClosed) {
      throw new VmError('STATE_UNAVAILABLE', `${this.#options.name} is closed.`, {
        hint: 'Close the store after the last call.',
      });
    }
    if (this.#worker !== undefined && hasEnded(this.#worker)) this.#worker = undefined;
    if (this.#worker === undefined) {
      this.#worker = startWorker(this.#options.file, this.#options.setup);
      this.#lastId = 0;
    }
    const id = ++this.#lastId;
    this.#worker.port.postMessage({ id, name, ask } satisfies RequestMessage);
    return id;
  }

  #wait(id: number, timeoutMs: number): AnswerMessage {
    const worker = this.#worker!;
    const { port, signal } = worker;
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      // Read before the port is looked at: what comes in between makes the sleep below end at once.
      const seen = Atomics.load(signal, SIGNAL.news);
      const isOver = hasEnded(worker);
      for (;;) {
        const received = receiveMessageOnPort(port);
        if (received === undefined) break;
        const message = received.message as AnswerMessage;
        // Others answer requests that nobody waits for.
        if (message.id === id) return message;
      }
      if (isOver) throw this.#giveUp('its worker thread ended by itself');
      const left = deadline - performance.now();
      if (left <= 0) throw this.#giveUp(`no answer came within ${timeoutMs} ms`);
      Atomics.wait(signal, SIGNAL.news, seen, left);
    }
  }

  /** What the worker does now is lost. */
  #giveUp(reason: string): VmError {
    void this.#worker?.worker.terminate();
    this.#worker = undefined;
    return new VmError('STATE_UNAVAILABLE', `${this.#options.name} cannot be reached: ${reason}.`, {
      details: { retryable: 'true' },
      hint: 'The next call tries again.',
    });
  }
}

function hasEnded({ signal }: BridgeWorker): boolean {
  return Atomics.load(signal, SIGNAL.ended) === 1;
}

import { Worker } from 'node:worker_threads';
import { VmError, type VmErrorCode } from '@switchyard/core';
import { loadEngines } from '../app/load-engines.ts';
import type { SessionAnswers, SessionRequest, SessionSetup } from './messages.ts';
import { answerRequest } from './serve-session.ts';
import { SideSession } from './side-session.ts';
import type { WorkerAnswer } from './side-worker.ts';

/** A session, wherever it runs. Requests are answered in order. */
export interface SessionPort {
  ask<K extends SessionRequest['kind']>(
    request: Extract<SessionRequest, { kind: K }>,
  ): Promise<SessionAnswers[K]>;
  /** Ends the session without waiting for anything. */
  end(): Promise<void>;
}

/** Run from TypeScript sources there is no file that a worker could run. */
const HAS_WORKER_FILE = import.meta.url.endsWith('.js');

/** A session in a thread of its own, or, run from sources, in this one. */
export function openSession(setup: SessionSetup): Promise<SessionPort> {
  return HAS_WORKER_FILE ? Promise.resolve(new WorkerSession(setup)) : openHere(setup);
}

/** A session in this thread. */
export async function openHere(setup: SessionSetup): Promise<SessionPort> {
  const session = new SideSession(setup, await loadEngines(setup.engines));
  return {
    async ask<K extends SessionRequest['kind']>(request: Extract<SessionRequest, { kind: K }>) {
      return (await answerRequest(session, request)) as SessionAnswers[K];
    },
    end: async () => void (await session.close()),
  };
}

/** MiB for young objects in a side's thread. A call leaves many behind: with Node's own 16 a replay made 19,000 pairs a second, with these 22,000. */
const YOUNG_MIB = 96;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: unknown) => void;
}

class WorkerSession implements SessionPort {
  readonly #worker: Worker;
  readonly #side: string;
  readonly #waiting: Waiting[] = [];
  #failure: VmError | undefined;

  constructor(setup: SessionSetup) {
    this.#side = setup.side;
    this.#worker = new Worker(new URL('./side-worker.js', import.meta.url), {
      workerData: setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    this.#worker.on('message', (answer: WorkerAnswer) => this.#take(answer));
    this.#worker.on('error', (thrown) => this.#fail(thrown));
    this.#worker.on('exit', () => this.#fail(undefined));
  }

  ask<K extends SessionRequest['kind']>(
    request: Extract<SessionRequest, { kind: K }>,
  ): Promise<SessionAnswers[K]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  async end(): Promise<void> {
    this.#failure ??= new VmError('INTERNAL', 'the session has ended.');
    await this.#worker.terminate();
  }

  #take(answer: WorkerAnswer): void {
    const waiting = this.#waiting.shift()!;
    if (answer.ok) {
      waiting.resolve(answer.value as never);
      return;
    }
    const { code, message, hint } = answer;
    waiting.reject(
      new VmError(code as VmErrorCode, message, {
        details: { side: this.#side },
        ...(hint === undefined ? {} : { hint }),
      }),
    );
  }

  #fail(thrown: unknown): void {
    this.#failure ??= new VmError('INTERNAL', `the worker of the ${this.#side} side ended by itself.`, {
      hint: 'The most likely reason is memory: see the state of the contract.',
      cause: thrown,
    });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

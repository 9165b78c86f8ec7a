import { toVmError, VmError, type VmErrorCode } from '@switchyard/core';
import type { StateVersionReader } from '@switchyard/state';
import { publicError } from '../run/public-error.ts';
import { failedAnswer, type RunAnswer } from '../run/run-job.ts';
import { AnswerCache } from './answer-cache.ts';
import { fromColumns } from './answer-columns.ts';
import { FairQueue, type QueueBounds } from './fair-queue.ts';
import { flowOf, guessOf } from './job-cost.ts';
import {
  type Answer,
  type EstimatorService,
  type Job,
  NOTHING_RAN,
  type Readiness,
  type ServiceStatus,
} from './service.ts';
import { lostError, type PoolResult, type TaskPool } from './worker-pool.ts';
import type { TaskResult } from './worker-task.ts';

/** How much waits, and for how long things run. */
export interface ServiceLimits {
  /** Jobs that wait, of all clients and of one. */
  readonly queue: number;
  readonly queuePerClient: number;
  /** Most characters of the answers of one `run` together. */
  readonly responseBytes: number;
  /** For messages: what the pool was made with. */
  readonly timeMs: number;
  readonly heapMb: number;
}

/** A job on its way. */
interface Waiting {
  readonly text: string;
  readonly flow: string;
  readonly client: string;
  readonly settle: (answer: RunAnswer) => void;
}

/** Work that is handed to a worker at once, in milliseconds as expected: enough that the way there does not matter. */
const TASK_MS = 5;

/**
 * A worker that has been at a task for so long, in milliseconds, is taken to be at something dear: one more task may run beside, on the worker
 * that the pool keeps in reserve, if the next job is expected to take no longer than LIGHT_MS. A traced loop takes 150.
 */
const STUCK_MS = 10;
const LIGHT_MS = 5;

/** Most jobs of a task. */
const TASK_JOBS = 128;

/** When to ask again where there was no room. */
const RETRY_SECONDS = 1;

/** Answers from a cache, or from workers by way of a bounded, fair queue. */
export class QueuedService implements EstimatorService {
  onTrouble: ((error: VmError) => void) | undefined;
  readonly #pool: TaskPool;
  readonly #versions: StateVersionReader;
  readonly #cache: AnswerCache | undefined;
  readonly #limits: ServiceLimits;
  readonly #queue: FairQueue<Waiting>;
  /** Requests that are being answered: who asks the same meanwhile gets the same answer. */
  readonly #underWay = new Map<string, Promise<RunAnswer>>();
  /** Jobs of the tasks that run, and since when. */
  readonly #running = new Map<readonly Waiting[], number>();
  #timer: NodeJS.Timeout | undefined;
  /** Made once: a flood is refused by the thousand. */
  readonly #noRoom: Readonly<Record<keyof QueueBounds, RunAnswer>>;
  #isClosing = false;
  #isPumpDue = false;
  /** The state's version, as long as this turn of the event loop lasts. */
  #versionNow: bigint | undefined;
  #whenIdle: (() => void) | undefined;

  /** @param cacheBytes 0: every request is run. */
  constructor(pool: TaskPool, versions: StateVersionReader, cacheBytes: number, limits: ServiceLimits) {
    this.#pool = pool;
    this.#versions = versions;
    this.#cache = cacheBytes > 0 ? new AnswerCache(cacheBytes) : undefined;
    this.#limits = limits;
    const { queue, queuePerClient } = limits;
    this.#queue = new FairQueue({ most: queue, mostPerOwner: queuePerClient });
    this.#noRoom = {
      most: refuse(new VmError('QUEUE_FULL', `${queue} requests wait already.`), RETRY_SECONDS),
      mostPerOwner: refuse(
        new VmError('RATE_LIMITED', `${queuePerClient} requests of this client wait already.`),
        RETRY_SECONDS,
      ),
    };
  }

  async run(jobs: readonly Job[], client: string): Promise<readonly Answer[]> {
    if (this.#isClosing) return refuseAll(jobs, new VmError('SERVICE_STOPPING', 'the service is stopping.'));
    let version: bigint;
    try {
      const read = this.stateVersion();
      version = typeof read === 'bigint' ? read : await read;
    } catch (thrown) {
      return refuseAll(jobs, this.#trouble(thrown));
    }
    if (jobs.length === 1) return [await this.#answer(jobs[0]!, client, version)];
    const bound = boundTogether(this.#limits.responseBytes);
    return Promise.all(
      jobs.map((job) => {
        const answer = this.#answer(job, client, version);
        return answer instanceof Promise ? answer.then(bound) : bound(answer);
      }),
    );
  }

  stateVersion(): bigint | Promise<bigint> {
    if (this.#versionNow !== undefined) return this.#versionNow;
    const read = this.#versions.read();
    if (typeof read !== 'bigint') return read;
    // Requests that are read in one turn of the event loop have all arrived before it, so one look is as good as many.
    this.#versionNow = read;
    setImmediate(() => {
      this.#versionNow = undefined;
    });
    return read;
  }

  async ready(): Promise<Readiness> {
    const workers = this.#isClosing ? 'stopping' : 'ok';
    try {
      const stateVersion = await this.#versions.read();
      return { ready: !this.#isClosing, parts: { state: 'ok', workers }, stateVersion };
    } catch (thrown) {
      return { ready: false, parts: { state: this.#trouble(thrown).message, workers }, stateVersion: null };
    }
  }

  #trouble(thrown: unknown): VmError {
    const error = toVmError(thrown);
    this.onTrouble?.(error);
    return publicError(error);
  }

  status(): ServiceStatus {
    return {
      workers: this.#pool.size,
      queued: this.#queue.size,
      running: [...this.#running.keys()].reduce((sum, jobs) => sum + jobs.length, 0),
      replaced: { ...this.#pool.replaced },
      cache: { entries: this.#cache?.entries ?? 0, bytes: this.#cache?.bytes ?? 0 },
    };
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#running.size > 0 || this.#queue.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await this.#pool.close();
    await this.#versions.close();
  }

  #answer(job: Job, client: string, version: bigint): Answer | Promise<Answer> {
    const text = JSON.stringify(job);
    const cache = this.#cache;
    if (cache === undefined) return this.#enqueue(job, text, client);
    const key = cache.keyOf(version, text);
    const known = cache.get(key);
    if (known !== undefined) return cached(known);
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay.then(cached);
    const remembered = this.#enqueue(job, text, client).then((given) => {
      this.#underWay.delete(key);
      if (given.stateVersion === version && isLasting(given)) cache.set(key, given);
      return given;
    });
    this.#underWay.set(key, remembered);
    return remembered;
  }

  #enqueue(job: Job, text: string, client: string): Promise<RunAnswer> {
    const flow = flowOf(job, client);
    return new Promise((settle) => {
      const dropped = this.#queue.push(
        { text, flow, client, settle },
        { owner: client, flow, guess: guessOf(text) },
      );
      if (dropped !== undefined) dropped.item.settle(this.#noRoom[dropped.bound]);
      this.#pumpSoon();
    });
  }

  /**
   * Gives work out once the requests that have arrived are read: waking a worker for ten jobs costs as much as for one.
   */
  #pumpSoon(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    setImmediate(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  /** Gives free workers what is next; and where all have long been at something dear, what is cheap to one more. */
  #pump(): void {
    while (this.#running.size < this.#pool.size && this.#queue.size > 0) this.#giveNext();
    if (this.#queue.size === 0 || this.#running.size > this.#pool.size) return;
    const wait = this.#stuckIn();
    if (wait > 0) this.#pumpIn(wait);
    else if (this.#expected(this.#queue.next!) <= LIGHT_MS) this.#giveNext();
  }

  #giveNext(): void {
    const jobs: Waiting[] = [];
    let milliseconds = 0;
    for (let next = this.#queue.next; next !== undefined; next = this.#queue.next) {
      milliseconds += this.#expected(next);
      // Answers of a task come together: nothing cheap waits for something dear in it.
      if (jobs.length > 0 && (milliseconds > TASK_MS || jobs.length === TASK_JOBS)) break;
      jobs.push(this.#queue.take()!);
    }
    void this.#runTask(jobs);
  }

  #expected({ flow, text }: Waiting): number {
    return this.#queue.expected(flow, guessOf(text));
  }

  /** Milliseconds until every running task has been running for long; 0 when they have. */
  #stuckIn(): number {
    let latest = 0;
    for (const startedAt of this.#running.values()) latest = Math.max(latest, startedAt);
    return Math.max(0, Math.ceil(latest + STUCK_MS - performance.now()));
  }

  #pumpIn(milliseconds: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pump();
    }, milliseconds);
  }

  async #runTask(jobs: readonly Waiting[]): Promise<void> {
    this.#running.set(jobs, performance.now());
    const result = await this.#pool.run(jobs.map(({ text }) => text));
    this.#running.delete(jobs);
    this.#take(jobs, result);
    this.#pump();
    if (this.#running.size === 0 && this.#queue.size === 0) this.#whenIdle?.();
  }

  #take(jobs: readonly Waiting[], outcome: PoolResult): void {
    if (outcome.kind === 'done') {
      this.#putBack(this.#settleDone(jobs, outcome.result));
      return;
    }
    // What was answered before is lost with the worker; only the job that it was at has had its turn.
    const { reason, at } = outcome;
    const lost = jobs[at]!;
    this.#queue.learn(lost.flow, this.#limits.timeMs);
    lost.settle(failedAnswer(lostError(reason, this.#limits), NOTHING_RAN));
    this.#putBack(jobs.filter((job) => job !== lost));
  }

  /** @returns the jobs that the worker left. */
  #settleDone(jobs: readonly Waiting[], result: TaskResult): readonly Waiting[] {
    if ('failure' in result) {
      const { code, message, hint } = result.failure;
      const error = new VmError(code as VmErrorCode, message, { hint });
      for (const job of jobs) job.settle(failedAnswer(error, NOTHING_RAN));
      return [];
    }
    const answers = fromColumns(result.answers);
    for (const [index, answer] of answers.entries()) {
      const job = jobs[index]!;
      this.#queue.learn(job.flow, answer.facts.milliseconds);
      job.settle(answer);
    }
    return jobs.slice(answers.length);
  }

  /** The last one first, so that the first is next. */
  #putBack(jobs: readonly Waiting[]): void {
    for (const job of jobs.toReversed()) this.#queue.putBack(job, job.client);
  }
}

/** Lets answers through up to so many characters together: a thousand of a batch would hold gigabytes until the last one is there. */
function boundTogether(most: number): (answer: Answer) => Answer {
  let characters = 0;
  let refusal: Answer | undefined;
  return (answer) => {
    if (characters + answer.json.length <= most) {
      characters += answer.json.length;
      return answer;
    }
    refusal ??= failedAnswer(
      new VmError('RESPONSE_TOO_LARGE', `the answers are longer than ${most} characters together.`),
      NOTHING_RAN,
    );
    return refusal;
  };
}

/** True for an answer that the same request on the same state would get again. */
function isLasting(answer: RunAnswer): boolean {
  return answer.ok || answer.kind === 'contract';
}

function cached(answer: RunAnswer): Answer {
  return { ...answer, facts: { ...answer.facts, milliseconds: 0, isCached: true } };
}

function refuse(error: VmError, retryAfterSeconds: number): RunAnswer & Answer {
  return { ...failedAnswer(error, NOTHING_RAN), retryAfterSeconds };
}

function refuseAll(jobs: readonly Job[], error: VmError): readonly Answer[] {
  const answer = refuse(error, RETRY_SECONDS);
  return jobs.map(() => answer);
}

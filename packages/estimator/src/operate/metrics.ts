import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { FaultKind } from '../api/fault-kinds.ts';
import type { AnswerFacts, EstimatorService, ServiceStatus } from '../service/service.ts';

/** How a call ended, for counting: well, or with whose fault. */
export type Outcome = 'ok' | FaultKind;

const GAS_BUCKETS = [100, 1000, 10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000, 50_000_000];
const SECONDS_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** A counter that costs next to nothing to raise: prom-client's own looks its labels up in a microsecond. */
class Tally {
  /** Counts by the values of the labels, joined by a character that none has. */
  readonly #counts = new Map<string, number>();

  constructor(name: string, help: string, labelNames: string[], registry: Registry) {
    const counts = this.#counts;
    new Counter({
      name: `switchyard_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const [key, count] of counts) {
          const values = key.split('\n');
          this.inc(Object.fromEntries(labelNames.map((label, index) => [label, values[index]!])), count);
        }
      },
    });
  }

  /** Raises the count of these labels, given in their order. */
  count(first: string, second?: string, third?: string): void {
    const key =
      second === undefined
        ? first
        : third === undefined
          ? `${first}\n${second}`
          : `${first}\n${second}\n${third}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}

/** The service's numbers as Prometheus reads them, in a registry of its own. Names and labels are stable. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #calls = this.#tally('calls_total', 'Calls of a method by outcome.', ['method', 'outcome']);
  readonly #responses = this.#tally('http_responses_total', 'HTTP responses by status.', ['status']);
  readonly #runs = this.#tally('runs_total', 'Jobs that a worker ran a contract for.', [
    'engine',
    'tier',
    'status',
  ]);
  readonly #cached = this.#tally('cached_answers_total', 'Answers that came from the cache.', ['method']);
  readonly #gas = this.#histogram('run_gas', 'Gas that runs used.', ['engine'], GAS_BUCKETS);
  readonly #seconds = this.#histogram(
    'run_seconds',
    'Time of jobs in a worker.',
    ['engine'],
    SECONDS_BUCKETS,
  );

  constructor(service: EstimatorService, version: string) {
    this.#gaugeOf('jobs_queued', 'Jobs that wait.', service, ({ queued }) => queued);
    this.#gaugeOf('jobs_running', 'Jobs that run.', service, ({ running }) => running);
    this.#gaugeOf('workers', 'Threads that run contracts.', service, ({ workers }) => workers);
    this.#gaugeOf('cache_entries', 'Answers in the cache.', service, ({ cache }) => cache.entries);
    this.#gaugeOf('cache_bytes', 'Bytes of the cache.', service, ({ cache }) => cache.bytes);
    this.#replacements(service);
    this.#stateVersion(service);
    this.#gauge('info', 'Version of the service.', ['version']).set({ version }, 1);
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Counts a call; `method` is null where the request named none. */
  call(method: string | null, outcome: Outcome): void {
    this.#calls.count(method ?? 'unknown', outcome);
  }

  response(status: number): void {
    this.#responses.count(String(status));
  }

  cached(method: string): void {
    this.#cached.count(method);
  }

  answer(method: string, { engine, tier, status, gasUsed, milliseconds, isCached }: AnswerFacts): void {
    if (isCached) {
      this.cached(method);
      return;
    }
    if (engine === null) return;
    this.#runs.count(engine, tier ?? '', status ?? '');
    if (gasUsed !== null) this.#gas.observe({ engine }, Number(gasUsed));
    this.#seconds.observe({ engine }, milliseconds / 1000);
  }

  /** Content type of the text. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All numbers in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #tally(name: string, help: string, labelNames: string[]): Tally {
    return new Tally(name, help, labelNames, this.#registry);
  }

  #histogram<L extends string>(name: string, help: string, labelNames: L[], buckets: number[]): Histogram<L> {
    return new Histogram({
      name: `switchyard_${name}`,
      help,
      labelNames,
      buckets,
      registers: [this.#registry],
    });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name: `switchyard_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #gaugeOf(
    name: string,
    help: string,
    service: EstimatorService,
    read: (status: ServiceStatus) => number,
  ): void {
    new Gauge({
      name: `switchyard_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read(service.status()));
      },
    });
  }

  /** The service counts from its start, so its numbers are taken as they are. */
  #replacements(service: EstimatorService): void {
    new Counter({
      name: 'switchyard_workers_replaced_total',
      help: 'Workers that were replaced, by reason.',
      labelNames: ['reason'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(service.status().replaced)) this.inc({ reason }, count);
      },
    });
  }

  #stateVersion(service: EstimatorService): void {
    new Gauge({
      name: 'switchyard_state_version',
      help: 'Version of the state that is read; every commit raises it.',
      registers: [this.#registry],
      async collect() {
        const { stateVersion } = await service.ready();
        if (stateVersion === null) this.remove();
        else this.set(Number(stateVersion));
      },
    });
  }
}

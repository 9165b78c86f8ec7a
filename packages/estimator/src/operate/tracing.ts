import {
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { EstimatorConfig } from '../config/config.ts';
import type { Answer, Job } from '../service/service.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Where spans go. */
export interface SpanSink {
  readonly tracer: Tracer;
  readonly propagator: Pick<TextMapPropagator, 'extract'>;
  /** Sends what is left. */
  close(): Promise<void>;
}

/**
 * Spans of requests and of the jobs in them, by OpenTelemetry. Without `tracing.url` they go to the provider that the host has registered;
 * without one nothing is recorded, and a request costs a call that does nothing.
 */
export class Tracing {
  readonly #sink: SpanSink;

  constructor(sink: SpanSink) {
    this.#sink = sink;
  }

  /** Loads the SDK only where spans are to be sent. */
  static async create(config: EstimatorConfig['tracing'], version: string): Promise<Tracing> {
    if (config.url === undefined) {
      const tracer = trace.getTracer('@switchyard/estimator', version);
      return new Tracing({ tracer, propagator: propagation, close: async () => {} });
    }
    const { createSpanExport } = await import('./span-export.ts');
    return new Tracing(createSpanExport(config.url, config.serviceName, version));
  }

  /** Opens the span of a request, under that of its caller where `traceparent` names one. */
  startRequest(method: string, path: string, headers: Headers): Span {
    const parent =
      headers['traceparent'] === undefined
        ? context.active()
        : this.#sink.propagator.extract(context.active(), headers, GETTER);
    const span = this.#sink.tracer.startSpan(`${method} ${path}`, { kind: SpanKind.SERVER }, parent);
    if (span.isRecording()) span.setAttributes({ 'http.request.method': method, 'url.path': path });
    return span;
  }

  endRequest(span: Span, status: number, client: string | undefined): void {
    if (span.isRecording()) {
      span.setAttribute('http.response.status_code', status);
      if (client !== undefined) span.setAttribute('switchyard.client', client);
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  }

  /** Opens spans of jobs under that of their request; none where nothing is recorded. */
  startJobs(jobs: readonly Job[], request: Span): readonly Span[] {
    if (!request.isRecording()) return [];
    const parent: Context = trace.setSpan(context.active(), request);
    return jobs.map(({ method }) => this.#sink.tracer.startSpan(method, { kind: SpanKind.INTERNAL }, parent));
  }

  endJobs(spans: readonly Span[], answers: readonly Answer[]): void {
    spans.forEach((span, index) => {
      const answer = answers[index]!;
      const { engine, tier, status, gasUsed, milliseconds, isCached } = answer.facts;
      span.setAttributes({
        'switchyard.cached': isCached,
        'switchyard.worker_ms': milliseconds,
        ...(engine === null ? {} : { 'switchyard.engine': engine }),
        ...(tier === null ? {} : { 'switchyard.tier': tier }),
        ...(status === null ? {} : { 'switchyard.status': status }),
        ...(gasUsed === null ? {} : { 'switchyard.gas_used': gasUsed.toString() }),
      });
      if (!answer.ok) span.setStatus({ code: SpanStatusCode.ERROR, message: answer.code });
      span.end();
    });
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}

const GETTER = {
  get: (headers: Headers, key: string) => headers[key] as string | undefined,
  keys: (headers: Headers) => Object.keys(headers),
};

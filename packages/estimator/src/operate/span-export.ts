import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SpanSink } from './tracing.ts';

/** Sends spans to a collector by OTLP over HTTP, in batches, beside the requests. Registers nothing globally. */
export function createSpanExport(url: string, serviceName: string, version: string): SpanSink {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  });
  return {
    tracer: provider.getTracer('@switchyard/estimator', version),
    propagator: new W3CTraceContextPropagator(),
    close: () => provider.shutdown(),
  };
}

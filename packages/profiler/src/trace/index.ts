export type { SourceMapOf } from '../follow/code-places.ts';
export { type CallTree, type CallTreeOptions, createCallTree } from './call-tree.ts';
export { createTracer, type Tracer, type TracerOptions } from './create-tracer.ts';
export type { EventFilter, FilterFindings } from './event-filter.ts';
export { formatStep } from './format-step.ts';
export { toJsonLine } from './to-json-line.ts';
export { toTextLine } from './to-text-line.ts';
export { traceCall } from './trace-call.ts';
export type {
  CallEvent,
  EmitTraceEvent,
  EnterEvent,
  LeaveEvent,
  LogTraceEvent,
  ReturnEvent,
  StepEvent,
  StorageTraceEvent,
  SyscallEvent,
  TraceEvent,
  TracePlace,
} from './trace-event.ts';

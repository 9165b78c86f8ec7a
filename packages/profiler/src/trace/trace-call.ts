import type {
  ExecutionEnvironment,
  TransactionRequest,
  TransactionResult,
  VmEventBus,
} from '@switchyard/core';
import { createTracer, type TracerOptions } from './create-tracer.ts';

/**
 * Simulates a call and tells what happens in it; nothing is written.
 * @param events the environment's bus, from which storage, logs and events come.
 * @throws VmError as `simulate` does, for what is wrong with the request.
 */
export function traceCall(
  environment: ExecutionEnvironment,
  events: VmEventBus,
  request: TransactionRequest,
  options: TracerOptions,
): TransactionResult {
  const tracer = createTracer(options);
  const end = tracer.listen(events);
  try {
    return environment.simulate({ ...request, observer: tracer.observer });
  } finally {
    end();
  }
}

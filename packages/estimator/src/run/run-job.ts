import { type ExecutionResult, toVmError, VmError } from '@switchyard/core';
import { type FaultKind, faultKindOf } from '../api/fault-kinds.ts';
import type { AnswerFacts, Job } from '../service/service.ts';
import { estimateGas } from './estimate.ts';
import { execute, executeSequence } from './execute.ts';
import { faultOf } from './fault.ts';
import type { JobOutcome } from './job-outcome.ts';
import { engines, validateCode } from './look-at-code.ts';
import { publicError } from './public-error.ts';
import type { Runtime } from './runtime.ts';
import { trace } from './trace.ts';

/** An answer as it crosses from a worker: plain data. */
export type RunAnswer =
  | { readonly ok: true; readonly json: string; readonly stateVersion: bigint; readonly facts: AnswerFacts }
  | {
      readonly ok: false;
      readonly code: VmError['code'];
      readonly message: string;
      readonly kind: FaultKind;
      readonly json: string;
      /** Of the state that was read; undefined where it could not be. */
      readonly stateVersion: bigint | undefined;
      readonly facts: AnswerFacts;
    };

/**
 * Answers a job on the state as it is now, and leaves nothing behind. Never throws.
 * @param job with params that its method's schema has let through.
 */
export function runJob(runtime: Runtime, job: Job): RunAnswer {
  const started = performance.now();
  let outcome: JobOutcome;
  let stateVersion: bigint | undefined;
  try {
    stateVersion = runtime.store.pin();
    // While a checkpoint is open, a simulation keeps what it has read for the next one: an estimate runs its call two times and more. A
    // sequence writes, so it has none.
    if (job.method !== 'vm_call') runtime.state.checkpoint();
    runtime.stateVersion = stateVersion;
    outcome = dispatch(runtime, job);
  } catch (thrown) {
    outcome = { error: publicError(toVmError(thrown)) };
  } finally {
    leaveNothing(runtime);
  }
  return answerOf(runtime, outcome, stateVersion, started);
}

function dispatch(runtime: Runtime, job: Job): JobOutcome {
  switch (job.method) {
    case 'vm_estimateGas':
      return estimateGas(runtime, job.params);
    case 'vm_execute':
      return execute(runtime, job.params);
    case 'vm_call':
      return executeSequence(runtime, job.params);
    case 'vm_trace':
      return trace(runtime, job.params);
    case 'vm_validateCode':
      return validateCode(runtime, job.params);
    case 'vm_engines':
      return engines(runtime);
  }
}

function leaveNothing({ overlay, state, store }: Runtime): void {
  overlay.clear();
  state.discard();
  store.unpin();
}

function answerOf(
  runtime: Runtime,
  outcome: JobOutcome,
  stateVersion: bigint | undefined,
  started: number,
): RunAnswer {
  const facts = factsOf(outcome, started);
  if (outcome.error !== null) return failedAnswer(outcome.error, facts, stateVersion, outcome.run);
  const json = JSON.stringify(outcome.value);
  if (json.length <= runtime.responseBytes) {
    return { ok: true, json, stateVersion: stateVersion!, facts };
  }
  const error = new VmError(
    'RESPONSE_TOO_LARGE',
    `the answer has ${json.length} characters, the limit is ${runtime.responseBytes}.`,
  );
  return failedAnswer(error, facts, stateVersion);
}

/** The answer that an error makes. */
export function failedAnswer(
  error: VmError,
  facts: AnswerFacts,
  stateVersion?: bigint | undefined,
  run?: ExecutionResult | undefined,
): Extract<RunAnswer, { ok: false }> {
  const { code, message } = error;
  // What ended a contract's run is the contract's, whatever its code means elsewhere.
  const kind = run === undefined || run.stats.engine === 'none' ? faultKindOf(code) : 'contract';
  return { ok: false, code, message, kind, json: JSON.stringify(faultOf(error, run)), stateVersion, facts };
}

function factsOf({ run }: JobOutcome, started: number): AnswerFacts {
  return {
    engine: run?.stats.engine ?? null,
    tier: run?.stats.tier ?? null,
    status: run?.status ?? null,
    gasUsed: run?.gasUsed ?? null,
    milliseconds: performance.now() - started,
    isCached: false,
  };
}

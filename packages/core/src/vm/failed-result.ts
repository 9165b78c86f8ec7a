import type { VmError } from '../errors/vm-error.ts';
import { NO_ACCESS } from '../state/access-sets.ts';
import type { ExecutionResult, ExecutionStats } from './execution-result.ts';

const NOTHING = new Uint8Array(0);
const NOT_RUN: ExecutionStats = Object.freeze({
  engine: 'none',
  tier: 'reference',
  instructions: 0n,
  compileMs: 0,
  gasPeak: 0n,
  gasObserved: false,
});

/** The result of a call that failed before, or instead of, running: nothing happened but the gas given as used. */
export function failedResult(error: VmError, gasUsed = 0n): ExecutionResult {
  return {
    status: 'failed',
    exitCode: null,
    error,
    gasUsed,
    gasRefund: 0n,
    returnData: NOTHING,
    returnValue: undefined,
    events: [],
    logs: [],
    transfers: [],
    stateChanges: [],
    accessed: NO_ACCESS,
    stats: gasUsed === 0n ? NOT_RUN : { ...NOT_RUN, gasPeak: gasUsed },
  };
}

/** A run's result turned into a failure: gas, logs and statistics stay, everything else is void. */
export function asFailed(result: ExecutionResult, error: VmError): ExecutionResult {
  return {
    ...failedResult(error),
    gasUsed: result.gasUsed,
    logs: result.logs,
    accessed: result.accessed,
    stats: result.stats,
  };
}

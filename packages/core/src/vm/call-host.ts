import { VmError } from '../errors/vm-error.ts';
import type { AssetAmount, EntryPoint } from './execution-context.ts';
import type { ExecutionStatus, LogEntry } from './execution-result.ts';

/** A call that a running contract makes. The environment knows who makes it; nothing here can forge the caller. */
export interface CallRequest {
  /** Contract to call (32 bytes). */
  readonly contract: Uint8Array;
  readonly entry: EntryPoint;
  readonly input: Uint8Array;
  /** Native value to move from the caller to the callee. */
  readonly value: bigint;
  readonly deposits: readonly AssetAmount[];
  /** Exact gas limit of the callee (u64). The engine has already checked it against what it has left. */
  readonly gasLimit: bigint;
  /** True for a read-only call; children of a read-only call are read-only whatever this says. */
  readonly isStatic: boolean;
}

/** How the call ended. State of a failed or reverted callee is rolled back already. */
export interface CallOutcome {
  readonly status: ExecutionStatus;
  /** False when the callee's code never began: no such contract, too deep, re-entered, not enough value. Nothing was charged then. */
  readonly started: boolean;
  /** The callee's exit code; null when its machine failed or it never started. */
  readonly exitCode: bigint | null;
  /** Raw gas used by the callee, at most the request's limit. */
  readonly gasUsed: bigint;
  /** The smallest limit with which the callee could have done the same, if it did not look at its gas. */
  readonly gasPeak: bigint;
  /** True when the callee, or what it called with an open limit, looked at its remaining gas. */
  readonly gasObserved: boolean;
  readonly returnData: Uint8Array;
  readonly logs: readonly LogEntry[];
  readonly error: VmError | null;
}

/** By which an engine calls another contract without knowing its engine. Bound to one running call. */
export interface CallHost {
  call(request: CallRequest): CallOutcome;
}

/** The outcome of a call that was refused before the callee began. */
export function refusedOutcome(error: VmError): CallOutcome {
  return {
    status: 'failed',
    started: false,
    exitCode: null,
    gasUsed: 0n,
    gasPeak: 0n,
    gasObserved: false,
    returnData: new Uint8Array(0),
    logs: [],
    error,
  };
}

/** The host of a context that was built without one: every call fails with UNKNOWN_CONTRACT. */
export const noCallHost: CallHost = Object.freeze({
  call: () =>
    refusedOutcome(
      new VmError(
        'UNKNOWN_CONTRACT',
        'this call runs without an environment, so it cannot call other contracts.',
      ),
    ),
});

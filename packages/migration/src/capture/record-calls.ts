import { byteKey, type TransactionObserver } from '@switchyard/core';
import { CAPTURE_FORMAT, capturedCall, captureLine } from './capture-line.ts';

/** What to record, and where to. */
export interface RecordOptions {
  /** Contracts (32 bytes) whose calls are recorded; by default every contract's. */
  readonly contracts?: readonly Uint8Array[];
  /** Whether the capture has begun, so that the format's line is there. Default: no. */
  readonly isContinued?: boolean;
  /** Takes a line, without its end. Called in the transaction's thread, after it was written. */
  readonly write: (line: string) => void;
}

/**
 * An observer that writes a capture: the format's line, then a line for each call, in order. Give it to `createContainer` or
 * `ExecutionEnvironment` as one of `observers`.
 */
export function recordCalls({ contracts, isContinued = false, write }: RecordOptions): TransactionObserver {
  const wanted = contracts === undefined ? undefined : new Set(contracts.map(byteKey));
  let hasBegun = isContinued;
  return {
    called(request, result, block) {
      if (wanted !== undefined && !wanted.has(byteKey(request.contract))) return;
      if (!hasBegun) write(JSON.stringify({ switchyard: CAPTURE_FORMAT }));
      hasBegun = true;
      // The limit in force, also where the environment's own held: the call may have ended for it.
      const call = capturedCall({ ...request, gasLimit: result.gas.limit }, block);
      write(captureLine(call, result));
    },
  };
}

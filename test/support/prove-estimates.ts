import { ExecutionEnvironment, type TransactionRequest, VmError } from '@switchyard/core';
import { expect } from 'vitest';

/*
 * Loaded before the tests of the example contracts, it makes each call of theirs also a test of estimates: before the call runs, its estimate
 * is made and proved on the same state.
 */

const { call } = ExecutionEnvironment.prototype;

ExecutionEnvironment.prototype.call = function (request) {
  proveEstimate(this, request);
  return call.call(this, request);
};

/** An exact estimate is the smallest limit that works; one that was searched works; a call that has none fails at the largest. */
function proveEstimate(environment: ExecutionEnvironment, request: TransactionRequest): void {
  const { gasLimit: _, ...unlimited } = request;
  const statusAt = (gasLimit: bigint) => environment.simulate({ ...request, gasLimit }).status;
  let estimate: ReturnType<ExecutionEnvironment['estimateGas']>;
  try {
    estimate = environment.estimateGas(unlimited);
  } catch (thrown) {
    if (!(thrown instanceof VmError)) throw thrown;
    if (thrown.code === 'INTERNAL') throw thrown;
    return;
  }
  const need = estimate.gasLimit - estimate.margin;
  expect(statusAt(need)).toBe('success');
  if (estimate.method === 'exact' && need > 0n) expect(statusAt(need - 1n)).not.toBe('success');
}

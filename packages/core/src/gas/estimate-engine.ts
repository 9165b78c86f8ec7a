import type { StateAccess } from '../state/state-access.ts';
import type { ExecutionContext } from '../vm/execution-context.ts';
import type { VirtualMachine } from '../vm/virtual-machine.ts';
import { estimateGas, probeOf } from './estimate.ts';
import type { GasEstimate } from './gas-estimate.ts';

/**
 * `VirtualMachine.estimateGas` for an engine that reports its peak demand: runs the call on the state and undoes it, up to the context's
 * gas limit. Listeners and tracers hear nothing of it. @throws VmError that the call fails with.
 */
export function estimateWithEngine(
  engine: Pick<VirtualMachine, 'execute'>,
  code: Uint8Array,
  context: ExecutionContext,
  state: StateAccess,
): GasEstimate {
  const quiet = { ...context, events: undefined, trace: undefined };
  return estimateGas({
    cap: context.gasLimit,
    run: (gasLimit) => {
      const checkpoint = state.checkpoint();
      try {
        return probeOf(engine.execute(code, Object.freeze({ ...quiet, gasLimit }), state));
      } finally {
        state.revert(checkpoint);
      }
    },
  });
}

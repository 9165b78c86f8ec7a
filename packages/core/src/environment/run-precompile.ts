import { VmError } from '../errors/vm-error.ts';
import type { StateAccess } from '../state/state-access.ts';
import type { ExecutionContext } from '../vm/execution-context.ts';
import type { ExecutionResult } from '../vm/execution-result.ts';
import { failedResult } from '../vm/failed-result.ts';
import type { Precompile } from './precompiles.ts';

/** Runs a precompile as a call: its price first, then its work. A price that cannot be paid charges nothing. */
export function runPrecompile(
  precompile: Precompile,
  context: ExecutionContext,
  state: StateAccess,
): ExecutionResult {
  const { input, contract } = context;
  const price = precompile.gasCost(input);
  if (price > context.gasLimit) {
    return failedResult(
      new VmError('OUT_OF_GAS', `${precompile.name} costs ${price} gas, the limit is ${context.gasLimit}.`, {
        contract,
      }),
    );
  }
  const mark = state.outputCount;
  const ended = precompile.execute(context, input, state);
  if (ended.status === 'failed') return failedResult(ended.error, price);
  const outputs = state.outputs(mark);
  return {
    ...failedResult(NO_ERROR, price),
    status: 'success',
    exitCode: 0n,
    error: null,
    returnData: ended.output,
    events: outputs.filter((output) => output.kind === 'event'),
    transfers: outputs.filter((output) => output.kind !== 'event'),
    stats: {
      engine: precompileEngine(precompile),
      tier: 'reference',
      instructions: 0n,
      compileMs: 0,
      gasPeak: price,
      gasObserved: false,
    },
  };
}

/** What statistics and observers name as the engine of a precompile. */
export function precompileEngine({ name }: Precompile): string {
  return `precompile:${name}`;
}

const NO_ERROR = new VmError('INTERNAL', 'replaced.');

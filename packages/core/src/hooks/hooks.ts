import { toVmError, VmError } from '../errors/vm-error.ts';
import type { StateAccess } from '../state/state-access.ts';
import type { ExecutionContext } from '../vm/execution-context.ts';
import type { ExecutionResult } from '../vm/execution-result.ts';
import { asFailed, failedResult } from '../vm/failed-result.ts';

/**
 * Host code around every call, nested ones too. `after` runs for exactly the hooks whose `before` ran to its end, in reverse order,
 * also when the run failed. A hook refuses a call by throwing: the call then fails with HOOK_FAILED and is rolled back.
 */
export interface ExecutionHook {
  /** Named in errors. */
  readonly name: string;
  before?(context: ExecutionContext, state: StateAccess): void;
  after?(context: ExecutionContext, result: ExecutionResult, state: StateAccess): void;
}

/** Runs `run` between the hooks. What `run` itself throws is the host's fault and is passed on once the hooks are done. */
export function runWithHooks(
  hooks: readonly ExecutionHook[],
  context: ExecutionContext,
  state: StateAccess,
  run: () => ExecutionResult,
): ExecutionResult {
  if (hooks.length === 0) return run();
  let entered = 0;
  let result: ExecutionResult | undefined;
  try {
    for (const hook of hooks) {
      hook.before?.(context, state);
      entered++;
    }
  } catch (thrown) {
    result = failedResult(hookError(hooks[entered]!, 'before', context, thrown));
  }
  let broken: { readonly thrown: unknown } | undefined;
  if (result === undefined) {
    try {
      result = run();
    } catch (thrown) {
      broken = { thrown };
      result = failedResult(toVmError(thrown));
    }
  }
  for (let i = entered - 1; i >= 0; i--) {
    const hook = hooks[i]!;
    try {
      hook.after?.(context, result, state);
    } catch (thrown) {
      // A call that failed already keeps its own error: it is the first thing that went wrong.
      if (result.status === 'success') result = asFailed(result, hookError(hook, 'after', context, thrown));
    }
  }
  if (broken !== undefined) throw broken.thrown;
  return result;
}

function hookError(
  hook: ExecutionHook,
  moment: 'before' | 'after',
  context: ExecutionContext,
  thrown: unknown,
): VmError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new VmError('HOOK_FAILED', `hook ${hook.name}, ${moment} the call: ${reason}`, {
    contract: context.contract,
    cause: thrown,
  });
}

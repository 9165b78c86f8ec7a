import { NATIVE_ASSET } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import { runWithHooks } from '../hooks/hooks.ts';
import { byteKey } from '../state/byte-key.ts';
import type { JournaledState } from '../state/journaled-state.ts';
import type { ExecutionContext } from '../vm/execution-context.ts';
import type { ExecutionResult } from '../vm/execution-result.ts';
import { asFailed, failedResult } from '../vm/failed-result.ts';
import type { ObservedCall } from '../vm/run-observer.ts';
import type { EnvironmentParts } from './environment-options.ts';
import type { Frame, FrameEnd } from './frame.ts';
import { ModulePreparer } from './module-preparer.ts';
import { NestedCallHost } from './nested-call-host.ts';
import { precompileEngine, runPrecompile } from './run-precompile.ts';

/** What an observer is told of beside the context. */
type RunningCode = Pick<ObservedCall, 'engine' | 'code'>;

/**
 * Runs one call, a transaction's own or a nested one: precompile? → code → engine → validation → checkpoint → value and deposits →
 * before hooks → run → after hooks → commit, or revert. Never throws for a contract's reasons.
 */
export class FrameRunner {
  readonly parts: EnvironmentParts;
  readonly preparer: ModulePreparer;

  constructor(parts: EnvironmentParts) {
    this.parts = parts;
    this.preparer = new ModulePreparer(parts.factory);
  }

  run(frame: Frame): FrameEnd {
    const { state, precompiles } = this.parts;
    const { contract, scope } = frame;
    const precompile = precompiles.get(contract);
    let execute: (context: ExecutionContext) => ExecutionResult;
    // What runs is told only where somebody watches.
    const { observer } = scope;
    let runs: RunningCode | undefined;
    if (precompile !== undefined) {
      execute = (context) => runPrecompile(precompile, context, state);
      if (observer !== undefined) runs = { engine: precompileEngine(precompile), code: undefined };
    } else {
      const code = state.getCode(contract);
      if (code === undefined) {
        return refused(new VmError('UNKNOWN_CONTRACT', 'there is no code at the address.', { contract }));
      }
      const prepared = this.preparer.prepare({
        code,
        engine: state.getCodeEngine(contract),
        address: contract,
        blockHeight: scope.block.height,
      });
      if (prepared.error !== null) return refused(prepared.error);
      const { engine } = prepared;
      execute = (context) => engine.execute(code, context, state);
      if (observer !== undefined) runs = { engine: prepared.type, code };
    }
    const checkpoint = state.checkpoint();
    scope.stack.push(byteKey(contract));
    const end = this.#runInside(frame, checkpoint, execute, runs);
    scope.stack.pop();
    if (end.result.status === 'success') state.commit(checkpoint);
    else state.revert(checkpoint);
    return end;
  }

  #runInside(
    frame: Frame,
    checkpoint: number,
    execute: (context: ExecutionContext) => ExecutionResult,
    runs: RunningCode | undefined,
  ): FrameEnd {
    const { state, hooks, events } = this.parts;
    const unpaid = takeFunds(state, frame);
    if (unpaid !== null) return refused(unpaid);
    const context = this.#context(frame);
    if (events !== undefined && events.listenerCount('call') > 0) events.emit('call', context);
    if (runs !== undefined) context.observer?.onCall?.({ context, ...runs });
    let started = false;
    let result: ExecutionResult;
    if (hooks.length === 0) {
      // Not through runWithHooks: two stack frames fewer a level of depth.
      started = true;
      result = execute(context);
    } else {
      result = runWithHooks(hooks, context, state, () => {
        started = true;
        return execute(context);
      });
    }
    if (result.status === 'success' && frame.isStatic && state.touchedSince(checkpoint)) {
      // The engine's duty; held here too, so that no engine can break the promise of a read-only call.
      const error = new VmError('STATIC_VIOLATION', 'a read-only call changed the state.', {
        contract: frame.contract,
      });
      result = asFailed(result, error);
    }
    context.observer?.onResult?.(context, result);
    if (events !== undefined && events.listenerCount('result') > 0) events.emit('result', context, result);
    return { result, started, fundsTaken: true };
  }

  #context(frame: Frame): ExecutionContext {
    const { scope } = frame;
    return Object.freeze({
      contract: frame.contract,
      codeAddress: frame.contract,
      caller: frame.caller,
      origin: scope.origin,
      value: frame.value,
      deposits: frame.deposits,
      input: frame.input,
      entry: frame.entry,
      gasLimit: frame.gasLimit,
      gasPrice: scope.gasPrice,
      callDepth: frame.depth,
      isStatic: frame.isStatic,
      debug: scope.debug,
      block: scope.block,
      tx: scope.tx,
      host: new NestedCallHost(this, frame),
      events: this.parts.events,
      trace: scope.trace,
      observer: scope.observer,
    });
  }
}

function refused(error: VmError): FrameEnd {
  return { result: failedResult(error), started: false, fundsTaken: false };
}

/**
 * Moves value and deposits from caller to contract. A nested call's are transfers that a contract makes, so they are recorded as
 * outputs; a transaction's own are not.
 */
function takeFunds(state: JournaledState, frame: Frame): VmError | null {
  const { caller, contract, depth } = frame;
  if (frame.value > 0n) {
    const moved =
      depth > 0
        ? state.transfer(caller, contract, NATIVE_ASSET, frame.value)
        : state.moveBalance(caller, contract, NATIVE_ASSET, frame.value);
    if (!moved) return fundsError(state, frame, NATIVE_ASSET, frame.value, 'value');
  }
  for (const [index, { asset, amount }] of frame.deposits.entries()) {
    const moved =
      depth > 0
        ? state.transfer(caller, contract, asset, amount)
        : state.moveBalance(caller, contract, asset, amount);
    if (!moved) return fundsError(state, frame, asset, amount, `deposits[${index}]`);
  }
  return null;
}

function fundsError(
  state: JournaledState,
  { caller, contract }: Frame,
  asset: Uint8Array,
  amount: bigint,
  what: string,
): VmError {
  const available = state.getBalance(caller, asset);
  if (available >= amount) {
    const message = `${what} of ${amount} does not fit the contract's balance.`;
    return new VmError('BALANCE_OVERFLOW', message, { contract });
  }
  return new VmError('INSUFFICIENT_BALANCE', `${what} of ${amount}: the caller holds ${available}.`, {
    contract,
    details: { required: `${amount}`, available: `${available}` },
  });
}

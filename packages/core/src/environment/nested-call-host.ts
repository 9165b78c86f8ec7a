import { NATIVE_ASSET } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import { byteKey } from '../state/byte-key.ts';
import { type CallHost, type CallOutcome, type CallRequest, refusedOutcome } from '../vm/call-host.ts';
import type { Frame, FrameEnd } from './frame.ts';
import type { FrameRunner } from './frame-runner.ts';

/** Calls of one running contract. Checks in the order of framework.md K2, then runs the callee at depth + 1 on whatever engine it has. */
export class NestedCallHost implements CallHost {
  readonly #runner: FrameRunner;
  readonly #caller: Frame;

  constructor(runner: FrameRunner, caller: Frame) {
    this.#runner = runner;
    this.#caller = caller;
  }

  call(request: CallRequest): CallOutcome {
    const caller = this.#caller;
    const isStatic = request.isStatic || caller.isStatic;
    const refused = this.#refusal(request, isStatic);
    if (refused !== null) return refusedOutcome(refused);
    const end = this.#runner.run({
      scope: caller.scope,
      contract: request.contract,
      caller: caller.contract,
      value: request.value,
      deposits: request.deposits,
      input: request.input,
      entry: request.entry,
      gasLimit: request.gasLimit,
      depth: caller.depth + 1,
      isStatic,
    });
    return outcomeOf(end, request.gasLimit);
  }

  #refusal(request: CallRequest, isStatic: boolean): VmError | null {
    const { limits, state } = this.#runner.parts;
    const caller = this.#caller;
    const { contract } = request;
    if (caller.depth + 1 > limits.maxCallDepth) {
      return new VmError('CALL_DEPTH_EXCEEDED', `calls may be nested ${limits.maxCallDepth} deep.`, {
        contract,
      });
    }
    if (request.input.length > limits.maxInputSize) {
      const message = `the input has ${request.input.length} bytes, the limit is ${limits.maxInputSize}.`;
      return new VmError('INPUT_TOO_LARGE', message, { contract });
    }
    if (isStatic && (request.value > 0n || request.deposits.some(({ amount }) => amount > 0n))) {
      return new VmError('STATIC_VIOLATION', 'a read-only call cannot move value.', { contract });
    }
    const held = request.value > 0n ? state.getBalance(caller.contract, NATIVE_ASSET) : 0n;
    if (held < request.value) {
      const message = `value of ${request.value}: the caller holds ${held}.`;
      return new VmError('INSUFFICIENT_BALANCE', message, { contract });
    }
    if (this.#isReentry(contract) && !this.#mayReenter(contract, isStatic)) {
      return new VmError('REENTRANCY', 'the contract is already on the call stack.', { contract });
    }
    return null;
  }

  #isReentry(contract: Uint8Array): boolean {
    return this.#caller.scope.stack.includes(byteKey(contract));
  }

  #mayReenter(contract: Uint8Array, isStatic: boolean): boolean {
    const { reentrancy, reentrant, precompiles } = this.#runner.parts;
    return (
      reentrancy.default === 'allow' ||
      (isStatic && reentrancy.staticCalls === 'allow') ||
      reentrant.has(byteKey(contract)) ||
      precompiles.get(contract) !== undefined
    );
  }
}

function outcomeOf({ result, started }: FrameEnd, gasLimit: bigint): CallOutcome {
  return {
    status: result.status,
    started,
    exitCode: result.exitCode,
    gasUsed: result.gasUsed < gasLimit ? result.gasUsed : gasLimit,
    gasPeak: result.stats.gasPeak,
    gasObserved: result.stats.gasObserved,
    returnData: result.returnData,
    logs: result.logs,
    error: result.error,
  };
}

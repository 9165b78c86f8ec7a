import { VmError } from '../errors/vm-error.ts';
import { type EstimateOptions, estimateGas, probeOf } from '../gas/estimate.ts';
import type { GasEstimate } from '../gas/gas-estimate.ts';
import type { GasSettlement } from '../gas/gas-policy.ts';
import { codeHash } from '../state/hashes.ts';
import type { JournaledState } from '../state/journaled-state.ts';
import type { CheckpointId } from '../state/state-access.ts';
import { type BlockInfo, check32, checkBytes } from '../vm/execution-context.ts';
import type { ExecutionResult } from '../vm/execution-result.ts';
import type { Output } from '../vm/outputs.ts';
import { deploymentAddress, runDeployment } from './deployment.ts';
import { type EnvironmentOptions, type EnvironmentParts, environmentParts } from './environment-options.ts';
import type { Frame } from './frame.ts';
import { FrameRunner } from './frame-runner.ts';
import { type TransactionObserver, tellObservers } from './observer.ts';
import type {
  DeployRequest,
  DeployResult,
  TransactionFields,
  TransactionRequest,
  TransactionResult,
} from './requests.ts';
import { settleTransaction, transactionOutputs } from './settlement.ts';
import { admit, type CallFields, checkFunds, constructorEntry, prepayFee } from './transaction.ts';

/** How an estimate is to be made. */
export interface EstimateSettings extends Pick<EstimateOptions, 'tolerance' | 'marginPercent'> {
  /** Told of every run, the last successful one at the smallest limit being what the estimate says. */
  readonly onRun?: (gasLimit: bigint, result: ExecutionResult) => void;
}

interface Settled {
  readonly settlement: GasSettlement;
  readonly outputs: readonly Output[];
}

/**
 * Runs transactions, one at a time, from start to end. What is wrong with a request (limits, shapes, a fee that cannot be paid) is
 * thrown before anything happens; what goes wrong inside a transaction is a result, and the sender's nonce rises and gas is charged.
 */
export class ExecutionEnvironment {
  readonly #parts: EnvironmentParts;
  readonly #runner: FrameRunner;

  constructor(options: EnvironmentOptions) {
    this.#parts = environmentParts(options);
    this.#runner = new FrameRunner(this.#parts);
  }

  get state(): JournaledState {
    return this.#parts.state;
  }

  /** Runs a call and writes what it changed to the store in one commit. */
  call(request: TransactionRequest): TransactionResult {
    const result = this.#write(() => this.#call(request));
    this.#tell((observer) => observer.called?.(request, result, { ...this.#parts.block, ...request.block }));
    return result;
  }

  /** Runs a call and drops what it changed: what `call` would do. */
  simulate(request: TransactionRequest): TransactionResult {
    return this.#dryRun((start) => ({ ...this.#call(request), stateChanges: this.state.changes(start) }));
  }

  /** Deploys code, runs its constructor and writes what changed to the store in one commit. A failure leaves nothing but nonce and fee. */
  deploy(request: DeployRequest): DeployResult {
    const result = this.#write(() => this.#deploy(request));
    this.#tell((observer) => observer.deployed?.(request, result));
    return result;
  }

  /** Deploys and drops what changed: what `deploy` would do. */
  simulateDeploy(request: DeployRequest): DeployResult {
    return this.#dryRun((start) => ({ ...this.#deploy(request), stateChanges: this.state.changes(start) }));
  }

  /**
   * What gas limit a call needs, searched up to its own gas limit or `gas.maxLimit`. The state stays as it is.
   * @throws VmError that the call fails with, if it fails at any gas; see `estimateGas`. INSUFFICIENT_BALANCE when the sender cannot pay the
   * value and the gas of the estimate at its price.
   */
  estimateGas(request: TransactionRequest, settings: EstimateSettings = {}): GasEstimate {
    const estimate = this.#estimate(request.gasLimit, request.block, settings, (gasLimit) => {
      const { frame } = admit(this.#parts, request, { ...request, gasLimit });
      return this.#runner.run(frame).result;
    });
    return this.#affordable(estimate, request, request.value);
  }

  /** What gas limit a deployment's constructor needs, with the price of storing the code. */
  estimateDeployGas(request: DeployRequest, settings: EstimateSettings = {}): GasEstimate {
    const { construct } = request;
    const given = construct === undefined || construct === 'none' ? undefined : construct.gasLimit;
    const call = this.#constructorCall(request);
    const estimate = this.#estimate(given, request.block, settings, (gasLimit) => {
      const { frame } = admit(this.#parts, request, { ...call, gasLimit });
      return runDeployment(this.#runner, request, frame).result;
    });
    return this.#affordable(estimate, request, call.value);
  }

  /** An estimate that its sender can pay for. @throws VmError INSUFFICIENT_BALANCE. */
  #affordable(estimate: GasEstimate, { sender, gasPrice }: TransactionFields, value = 0n): GasEstimate {
    const price = gasPrice ?? this.#parts.gas.price;
    if (price > 0n) checkFunds(this.state, sender, price, estimate.gasLimit, value);
    return estimate;
  }

  /** Address of the contract that a deployment would make now. @throws VmError CONTEXT_INVALID for the tx-hash policy without a hash. */
  deploymentAddress(request: DeployRequest): Uint8Array {
    return deploymentAddress(this.#parts, request);
  }

  #estimate(
    given: bigint | undefined,
    block: Partial<BlockInfo> | undefined,
    { tolerance, marginPercent, onRun }: EstimateSettings,
    run: (gasLimit: bigint) => ExecutionResult,
  ): GasEstimate {
    const { gas } = this.#parts;
    const blockLimit = block?.gasLimit ?? this.#parts.block.gasLimit;
    return estimateGas({
      cap: given ?? gas.maxLimit,
      isCapGiven: given !== undefined,
      blockLimit,
      tolerance,
      marginPercent: marginPercent ?? gas.policy.marginPercent,
      run: (limit) => {
        const result = this.#dryRun(() => run(limit));
        onRun?.(limit, result);
        return probeOf(result);
      },
    });
  }

  #call(request: TransactionRequest): TransactionResult {
    const { state } = this.#parts;
    const { frame, nonce } = admit(this.#parts, request, request);
    prepayFee(state, frame);
    state.setNonce(frame.caller, nonce + 1n);
    const mark = state.outputCount;
    const { result, fundsTaken } = this.#runner.run(frame);
    const { settlement, outputs } = this.#settle(frame, result, fundsTaken, mark);
    return transactionResult(frame, result, outputs, settlement);
  }

  #deploy(request: DeployRequest): DeployResult {
    const { state } = this.#parts;
    check32('sender', request.sender);
    checkBytes('code', request.code);
    const call = this.#constructorCall(request);
    const { frame, nonce } = admit(this.#parts, request, call);
    prepayFee(state, frame);
    state.setNonce(frame.caller, nonce + 1n);
    const mark = state.outputCount;
    const checkpoint = state.checkpoint();
    const { result, fundsTaken, engine, constructed } = runDeployment(this.#runner, request, frame);
    if (result.status === 'success') state.commit(checkpoint);
    else state.revert(checkpoint);
    const { settlement, outputs } = this.#settle(frame, result, fundsTaken, mark);
    return {
      ...transactionResult(frame, result, outputs, settlement),
      engine,
      codeHash: codeHash(request.code),
      constructed,
    };
  }

  #constructorCall(request: DeployRequest): CallFields {
    const contract = deploymentAddress(this.#parts, request);
    const construct = request.construct === 'none' ? undefined : request.construct;
    return { ...construct, contract, entry: constructorEntry() };
  }

  #settle(frame: Frame, result: ExecutionResult, fundsTaken: boolean, mark: number): Settled {
    const settlement = settleTransaction(this.#parts, frame, result.gasUsed, result.gasRefund);
    const outputs = transactionOutputs(frame, result, this.state.outputs(mark), fundsTaken, settlement);
    return { settlement, outputs };
  }

  /**
   * Runs and writes to the store at once. What the host had pending is written before, on its own. Whatever is thrown, by the run, by a
   * broken host or by the store, leaves nothing pending.
   */
  #write<T extends TransactionResult>(run: () => T): T {
    const { state } = this.#parts;
    if (state.hasOpenCheckpoint) {
      throw new VmError('CHECKPOINT_INVALID', 'a transaction cannot start while a checkpoint is open.', {
        hint: 'Close it first, or use simulate.',
      });
    }
    if (!state.isClean) state.flush();
    try {
      const result = run();
      return { ...result, stateChanges: state.flush() };
    } catch (thrown) {
      state.discard();
      throw hostError(thrown);
    }
  }

  #tell(tell: (observer: TransactionObserver) => void): void {
    const { observers, events } = this.#parts;
    if (observers.length > 0) tellObservers(observers, events, tell);
  }

  #dryRun<T>(run: (start: CheckpointId) => T): T {
    const { state } = this.#parts;
    const wasClean = state.isClean;
    const checkpoint = state.checkpoint();
    try {
      return run(checkpoint);
    } catch (thrown) {
      throw hostError(thrown);
    } finally {
      state.revert(checkpoint);
      // Drops what was read, too: another process may write the store before the next run.
      if (wasClean) state.discard();
    }
  }
}

/** Running out of the host's own stack depends on the machine, so it must never look like a contract's failure. */
function hostError(thrown: unknown): unknown {
  if (!(thrown instanceof RangeError) || !/call stack/i.test(thrown.message)) return thrown;
  return new VmError('INTERNAL', "the calls were nested deeper than the host's own stack allows.", {
    hint: 'Lower limits.maxCallDepth, or give the host more stack (node --stack-size, resourceLimits.stackSizeMb of a worker).',
    cause: thrown,
  });
}

function transactionResult(
  frame: Frame,
  result: ExecutionResult,
  outputs: readonly Output[],
  gas: GasSettlement,
): TransactionResult {
  return {
    status: result.status,
    exitCode: result.exitCode,
    error: result.error,
    contract: frame.contract,
    result,
    outputs,
    gas,
    stateChanges: [],
  };
}

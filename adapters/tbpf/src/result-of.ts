import type {
  AccessSets,
  EngineTier,
  EventOutput,
  ExecutionResult,
  RunOutput,
  StateAccess,
} from '@switchyard/core';
import type { Contract } from './contract.ts';
import { exitError, faultError } from './fault-report.ts';
import type { Machine } from './interpreter/machine.ts';
import type { TosHost } from './syscalls/tos-host.ts';

const EMPTY = new Uint8Array(0);

/**
 * The access sets of a nested call. Collecting them takes time in all that the transaction touched, which its gas does not pay for,
 * and the outermost call's result has them all.
 */
const NOT_COLLECTED: AccessSets = Object.freeze({
  storageReads: [],
  storageWrites: [],
  accountReads: [],
  accountWrites: [],
});

/** What a result is made of besides the machine. */
export interface FinishedRun {
  readonly host: TosHost;
  readonly contract: Contract;
  readonly entryPc: number;
  /** `outputCount` of the state before the run. */
  readonly mark: number;
  /** The checkpoint opened before the run. */
  readonly checkpoint: ReturnType<StateAccess['checkpoint']>;
}

/**
 * The result of a run that has ended. Every result is spelled out in one literal: put together with spread syntax, they took 4 µs of a
 * call of 10 instructions.
 */
export function resultOf(machine: Machine, tier: EngineTier, run: FinishedRun): ExecutionResult {
  const { host, contract, entryPc } = run;
  const { state, context } = host;
  const gasUsed = machine.meter.used;
  const stats = {
    engine: 'tbpf',
    tier,
    instructions: BigInt(machine.instructions),
    compileMs: contract.tiered.takeCompileMs(),
    gasPeak: host.gasPeak > gasUsed ? host.gasPeak : gasUsed,
    gasObserved: host.gasObserved,
  };
  const accessed = context.callDepth === 0 ? state.accessed() : NOT_COLLECTED;
  const { logs } = host;
  if (machine.fault !== undefined) {
    return {
      gasUsed,
      gasRefund: 0n,
      logs,
      accessed,
      stats,
      returnValue: undefined,
      events: [],
      transfers: [],
      stateChanges: [],
      status: 'failed',
      exitCode: null,
      error: faultError(machine, contract, context.contract),
      returnData: EMPTY,
    };
  }
  const exitCode = machine.register(0);
  // Only what the contract set itself: data of a contract that it called is that contract's answer, not this one's.
  const returnData = host.returnData?.setter === context.contract ? host.returnData.bytes : EMPTY;
  if (exitCode !== 0n) {
    return {
      gasUsed,
      gasRefund: 0n,
      logs,
      accessed,
      stats,
      returnValue: undefined,
      events: [],
      transfers: [],
      stateChanges: [],
      status: 'reverted',
      exitCode,
      error: exitError(exitCode, context.contract, contract, entryPc),
      returnData,
    };
  }
  const outputs = state.outputs(run.mark);
  return {
    gasUsed,
    gasRefund: 0n,
    logs,
    accessed,
    stats,
    returnValue: undefined,
    status: 'success',
    exitCode,
    error: null,
    returnData,
    events: outputs.filter(isEvent),
    transfers: outputs.filter(isMovement),
    stateChanges: state.changes(run.checkpoint),
  };
}

function isEvent(output: RunOutput): output is EventOutput {
  return output.kind === 'event';
}

function isMovement(output: RunOutput): output is Exclude<RunOutput, EventOutput> {
  return output.kind !== 'event';
}

import {
  type AccessSets,
  codeHash,
  type EngineServices,
  type EngineTier,
  type EventOutput,
  type ExecutionContext,
  type ExecutionResult,
  type ExecutionStats,
  estimateWithEngine,
  failedResult,
  type GasEstimate,
  type LogEntry,
  observerOf,
  type RunObserver,
  type RunOutput,
  type StateAccess,
  type StateChange,
  type ValidationReport,
  type VirtualMachine,
  VmError,
  type VmVersion,
} from '@switchyard/core';
import { ChainHost } from './chain/chain-host.ts';
import { chunkOf, loadContract, readParameters } from './contract.ts';
import { legacyError } from './errors.ts';
import { enterChunk } from './interpreter/frames.ts';
import { Machine } from './interpreter/machine.ts';
import type { MachineConfig } from './interpreter/machine-config.ts';
import { finish, reportThrown, stepLoop } from './interpreter/run.ts';
import { fastLoop } from './interpreter/run-fast.ts';
import { cellToJson } from './json/cell-json.ts';
import type { Program } from './module/program.ts';
import { nativesOf } from './natives/host-functions.ts';
import type { NativeTable } from './natives/native.ts';
import { type LegacyOptions, machineConfigOf, parseLegacyOptions } from './options.ts';
import { runObserved } from './tracing/run-observed.ts';
import type { Box } from './values/box.ts';
import { Kind } from './values/kind.ts';
import { integerOf } from './values/make.ts';
import { isDeeperThan } from './values/measure.ts';
import { cellWire } from './wire/cell-writer.ts';
import { MAX_WIRE_DEPTH } from './wire/read-cell.ts';
import { wireFault } from './wire/wire-fault.ts';

type Movement = Exclude<RunOutput, EventOutput>;

const EMPTY = new Uint8Array(0);

const NO_EVENTS: readonly EventOutput[] = Object.freeze([]);
const NO_TRANSFERS: readonly Movement[] = Object.freeze([]);
const NO_CHANGES: readonly StateChange[] = Object.freeze([]);
const NO_LOGS: readonly LogEntry[] = Object.freeze([]);

/** The access sets of a nested call; the outermost call's result has them all. */
const NOT_COLLECTED: AccessSets = Object.freeze({
  storageReads: [],
  storageWrites: [],
  accountReads: [],
  accountWrites: [],
});

/**
 * The legacy engine: the stack VM of TOS contracts before December 2025 (spec legacy-stack-vm.md). The input is the parameters as cells;
 * the result is one cell, returned in wire form; `u64:0` is success, any other u64 an exit code, any other type a failure.
 */
export class LegacyEngine implements VirtualMachine {
  readonly type = 'legacy';
  readonly version: VmVersion = Object.freeze({
    major: 1,
    minor: 0,
    patch: 0,
    features: Object.freeze(['trace', 'exact-estimate', 'typed-values']),
  });
  readonly #options: LegacyOptions;
  readonly #config: MachineConfig;
  readonly #services: EngineServices;
  readonly #natives: NativeTable;
  /** What shapes a decoded program: no option does, but its validity depends on the natives that there are. */
  readonly #programKey: string;
  /** Programs by the identity of their code array, which nobody may write: saves hashing the code at every call. */
  readonly #known = new WeakMap<Uint8Array, Program>();
  /** Machines that are not running: calls nest. */
  readonly #idle: Machine[] = [];

  /** @throws VmError ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID. */
  constructor(options: unknown, services: EngineServices) {
    this.#options = parseLegacyOptions(options);
    this.#config = machineConfigOf(this.#options);
    this.#services = services;
    this.#natives = nativesOf(services);
    this.#programKey = `${this.#natives.length} natives`;
  }

  execute(code: Uint8Array, context: ExecutionContext, state: StateAccess): ExecutionResult {
    const program = this.#program(code);
    if (program instanceof VmError) return failedResult(program);
    const chunk = chunkOf(program, context.entry);
    if (chunk instanceof VmError) return failedResult(chunk);
    const parameters = readParameters(context.input);
    if (parameters instanceof VmError) return failedResult(parameters);
    const machine = this.#idle.pop() ?? new Machine();
    const host = new ChainHost(context, state);
    const { gasLimit } = context;
    machine.reset({ program, natives: this.#natives, config: this.#config, gasLimit, host });
    const mark = state.outputCount;
    const checkpoint = state.checkpoint();
    const observer = observerOf(context);
    const value = this.#run(machine, chunk, parameters, observer);
    const tier = observer !== undefined || this.#options.tier === 'reference' ? 'reference' : 'interpreter';
    const result = resultOf(machine, value, context, state, mark, checkpoint, tier);
    state.commit(checkpoint);
    machine.release();
    this.#idle.push(machine);
    return result;
  }

  estimateGas(code: Uint8Array, context: ExecutionContext, state: StateAccess): GasEstimate {
    return estimateWithEngine(this, code, context, state);
  }

  validateCode(code: Uint8Array): ValidationReport {
    const program = this.#program(code);
    if (program instanceof VmError) return { valid: false, error: program, warnings: [] };
    const { entries, hooks } = program.module;
    const warnings =
      entries.size + hooks.size === 0 ? ['the module has no entry and no hook: it cannot be called.'] : [];
    return { valid: true, error: null, warnings };
  }

  #run(
    machine: Machine,
    chunk: number,
    parameters: readonly Box[],
    observer: RunObserver | undefined,
  ): Box | undefined {
    try {
      enterChunk(machine, chunk);
      // The last one first, so that the first ends on top.
      for (let i = parameters.length - 1; i >= 0; i--) machine.pushArgument(parameters[i]!);
      if (observer !== undefined) runObserved(machine, observer);
      else if (this.#options.tier === 'reference') stepLoop(machine);
      else fastLoop(machine);
      return finish(machine);
    } catch (thrown) {
      reportThrown(machine, thrown);
      return undefined;
    }
  }

  #program(code: Uint8Array): Program | VmError {
    const known = this.#known.get(code);
    if (known !== undefined) return known;
    const { maxCodeBytes } = this.#options;
    if (code.length > maxCodeBytes) {
      return new VmError(
        'CODE_TOO_LARGE',
        `the code has ${code.length} bytes; at most ${maxCodeBytes} are allowed.`,
        { hint: 'Make the contract smaller, or raise engines.legacy.options.maxCodeBytes.' },
      );
    }
    const { moduleCache } = this.#services;
    const key = {
      engine: 'legacy',
      version: '1.0.0',
      options: this.#programKey,
      codeHash: codeHash(code),
    };
    let program: Program | VmError | undefined = moduleCache.get<Program>(key);
    if (program === undefined) {
      program = loadContract(code, this.#natives);
      if (program instanceof VmError) return program;
      moduleCache.put(key, program, program.bytes);
    }
    this.#known.set(code, program);
    return program;
  }
}

function resultOf(
  machine: Machine,
  value: Box | undefined,
  context: ExecutionContext,
  state: StateAccess,
  mark: number,
  checkpoint: number,
  tier: EngineTier,
): ExecutionResult {
  const { used, limit } = machine.gas;
  const gasUsed = used < limit ? used : limit;
  const stats: ExecutionStats = {
    engine: 'legacy',
    tier,
    instructions: BigInt(machine.steps),
    compileMs: 0,
    gasPeak: gasUsed,
    // `get_gas_usage` tells what was used, which no limit changes.
    gasObserved: false,
  };
  // The three results are written out field by field: spreading objects of this size took most of a small call.
  const gasRefund = 0n;
  const logs = logsOf(machine, context);
  const accessed = context.callDepth === 0 ? state.accessed() : NOT_COLLECTED;
  if (value === undefined || value.kind !== Kind.U64) {
    // A value of another type is no exit code, but it is what the contract gave, as far as it has a wire form that reads back as it.
    const given = value === undefined || isDeeperThan(value, MAX_WIRE_DEPTH, true) ? undefined : value;
    const fault = given === undefined ? undefined : wireFault(given);
    return {
      status: 'failed',
      exitCode: null,
      error: failure(machine, given, fault, context),
      gasUsed,
      gasRefund,
      returnData: given === undefined || fault !== undefined ? EMPTY : cellWire(given),
      returnValue: given === undefined ? undefined : cellToJson(given),
      events: NO_EVENTS,
      logs,
      transfers: NO_TRANSFERS,
      stateChanges: NO_CHANGES,
      accessed,
      stats,
    };
  }
  const exitCode = integerOf(value);
  const returnData = cellWire(value);
  const returnValue = cellToJson(value);
  if (exitCode !== 0n) {
    const { contract } = context;
    return {
      status: 'reverted',
      exitCode,
      error: new VmError('REVERTED', `the contract ended with exit code ${exitCode}.`, { contract }),
      gasUsed,
      gasRefund,
      returnData,
      returnValue,
      events: NO_EVENTS,
      logs,
      transfers: NO_TRANSFERS,
      stateChanges: NO_CHANGES,
      accessed,
      stats,
    };
  }
  const hasOutputs = state.outputCount > mark;
  const outputs = hasOutputs ? state.outputs(mark) : [];
  return {
    status: 'success',
    exitCode,
    error: null,
    gasUsed,
    gasRefund,
    returnData,
    returnValue,
    events: hasOutputs ? outputs.filter(isEvent) : NO_EVENTS,
    logs,
    transfers: hasOutputs ? outputs.filter(isMovement) : NO_TRANSFERS,
    stateChanges: state.changes(checkpoint),
    accessed,
    stats,
  };
}

function failure(
  machine: Machine,
  value: Box | undefined,
  fault: string | undefined,
  { contract }: ExecutionContext,
): VmError {
  if (machine.report !== undefined) return legacyError(machine.report, { pc: machine.pc, contract });
  if (fault !== undefined) {
    return new VmError('INVALID_ARGUMENT', `the contract returned a value that has no wire form: ${fault}.`, {
      contract,
      hint: 'Return u64:0 for success; a string of at most 65535 bytes, and no handle, can be passed on as a value.',
      native: { name: 'SerializationFailed', detail: `SerializationFailed(${JSON.stringify(fault)})` },
    });
  }
  const found = value === undefined ? 'nothing' : JSON.stringify(cellToJson(value), bigintText).slice(0, 200);
  return new VmError('INVALID_ARGUMENT', `the contract returned ${found}; only a u64 is an exit code.`, {
    contract,
    hint: 'Return u64:0 for success.',
  });
}

const bigintText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value;

/** What was printed, and a word on every use of memory that the reference leaves undefined (spec §13). */
function logsOf(machine: Machine, { contract, events }: ExecutionContext): readonly LogEntry[] {
  const { printed, undefinedUses } = machine;
  if (printed.length === 0 && !machine.hasUndefinedUses) return NO_LOGS;
  const messages = [...printed];
  for (const [rule, count] of undefinedUses.entries()) {
    if (count > 0) messages.push(`undefined in the reference: U${rule} ×${count}`);
  }
  if (events !== undefined) for (const message of messages) events.emit('log', contract, message);
  return messages.map((message) => ({ contract, message }));
}

function isEvent(output: RunOutput): output is EventOutput {
  return output.kind === 'event';
}

function isMovement(output: RunOutput): output is Movement {
  return output.kind !== 'event';
}

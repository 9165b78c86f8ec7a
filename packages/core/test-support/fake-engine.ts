import type { EngineDefinition } from '../src/factory/engine-definition.ts';
import {
  type CallOutcome,
  type CallRequest,
  type EngineTools,
  type ExecutionContext,
  type ExecutionResult,
  estimateGas,
  failedResult,
  type LogEntry,
  probeOf,
  type StateAccess,
  type ValidationReport,
  type VirtualMachine,
  VmError,
} from '../src/index.ts';

/** What a script of the fake engine works with. */
export class FakeRun {
  readonly context: ExecutionContext;
  readonly state: StateAccess;
  readonly logs: LogEntry[] = [];
  returnData = new Uint8Array(0);
  exitCode = 0n;
  gasRefund = 0n;
  gasObserved = false;
  used = 0n;
  peak = 0n;

  constructor(context: ExecutionContext, state: StateAccess) {
    this.context = context;
    this.state = state;
  }

  charge(gas: bigint): void {
    if (this.used + gas > this.context.gasLimit) throw new VmError('OUT_OF_GAS', 'fake: out of gas.');
    this.used += gas;
    if (this.used > this.peak) this.peak = this.used;
  }

  gasLeft(): bigint {
    this.gasObserved = true;
    return this.context.gasLimit - this.used;
  }

  log(message: string): void {
    this.logs.push({ contract: this.context.contract, message });
  }

  call(contract: Uint8Array, request: Partial<CallRequest> = {}): CallOutcome {
    const open = request.gasLimit === undefined;
    const gasLimit = request.gasLimit ?? this.context.gasLimit - this.used;
    const outcome = this.context.host.call({
      contract,
      entry: { kind: 'default' },
      input: new Uint8Array(0),
      value: 0n,
      deposits: [],
      isStatic: false,
      ...request,
      gasLimit,
    });
    const demand = this.used + (open ? outcome.gasPeak : gasLimit);
    if (demand > this.peak) this.peak = demand;
    if (open && outcome.gasObserved) this.gasObserved = true;
    this.logs.push(...outcome.logs);
    this.charge(outcome.gasUsed);
    return outcome;
  }
}

export type Script = (run: FakeRun) => void;

/** An engine whose code is a magic byte and a number; the number names a script given to the constructor. */
export class FakeEngine implements VirtualMachine {
  readonly type: string;
  readonly version = { major: 1, minor: 0, patch: 0, features: [] };
  readonly scripts: readonly Script[];
  readonly magic: number;
  validations = 0;

  constructor(type: string, magic: number, scripts: readonly Script[]) {
    this.type = type;
    this.magic = magic;
    this.scripts = scripts;
  }

  /** Code of a script; `hook` makes it a contract whose constructor is the script of that number. */
  code(script: number, hook = 255): Uint8Array {
    return Uint8Array.of(this.magic, script, hook);
  }

  execute(code: Uint8Array, context: ExecutionContext, state: StateAccess): ExecutionResult {
    const script = this.scripts[context.entry.kind === 'hook' ? code[2]! : code[1]!];
    if (script === undefined) return failedResult(new VmError('ENTRY_NOT_FOUND', 'fake: no such entry.'));
    const run = new FakeRun(context, state);
    const mark = state.outputCount;
    let error: VmError | null = null;
    try {
      script(run);
    } catch (thrown) {
      if (!(thrown instanceof VmError)) throw thrown;
      error = thrown;
    }
    const outputs = state.outputs(mark);
    const common = {
      gasUsed: run.used,
      gasRefund: run.gasRefund,
      returnData: run.returnData,
      returnValue: undefined,
      events: outputs.filter((output) => output.kind === 'event'),
      logs: run.logs,
      transfers: outputs.filter((output) => output.kind !== 'event'),
      stateChanges: [],
      accessed: state.accessed(),
      stats: {
        engine: this.type,
        tier: 'reference' as const,
        instructions: 0n,
        compileMs: 0,
        gasPeak: run.peak,
        gasObserved: run.gasObserved,
      },
    };
    if (error !== null) return { ...common, status: 'failed', exitCode: null, error };
    if (run.exitCode === 0n) return { ...common, status: 'success', exitCode: 0n, error: null };
    const reverted = new VmError('REVERTED', `fake: exit code ${run.exitCode}.`);
    return { ...common, status: 'reverted', exitCode: run.exitCode, error: reverted };
  }

  estimateGas(code: Uint8Array, context: ExecutionContext, state: StateAccess) {
    return estimateGas({
      cap: context.gasLimit,
      run: (gasLimit) => {
        const checkpoint = state.checkpoint();
        const probe = probeOf(this.execute(code, { ...context, gasLimit }, state));
        state.revert(checkpoint);
        return probe;
      },
    });
  }

  validateCode(code: Uint8Array): ValidationReport {
    this.validations++;
    const valid = code[0] === this.magic && code.length === 3;
    return { valid, error: valid ? null : new VmError('CODE_INVALID', 'fake: bad code.'), warnings: [] };
  }
}

const noTools = {} as EngineTools;

/** The engine's definition; every `create` gives the same engine. */
export function fakeDefinition(
  engine: FakeEngine,
  markerPriority: EngineDefinition['markerPriority'] = 'magic',
): EngineDefinition {
  return {
    type: engine.type,
    create: () => engine,
    recognise: (code) => code[0] === engine.magic,
    markerPriority,
    tools: noTools,
  };
}

/** An address whose bytes are all `byte`. */
export function address(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte);
}

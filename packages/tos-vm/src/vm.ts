import {
  type CallParameter,
  createContext,
  type EntryPoint,
  type ExecutionResult,
  JournaledState,
  MemoryBackend,
  type StateAccess,
  type TypedValue,
  typeFault,
  VmError,
} from '@switchyard/core';
import { CALL_FIELDS, CHAIN_STATE, Context } from './context.ts';
import { checkEnvironment, type Environment } from './environment.ts';
import { tosError, valueError } from './errors.ts';
import { Module } from './module.ts';
import type { Type } from './type.ts';
import { ValueCell, valueOfCell } from './value-cell.ts';

/** What the reference's operand stack holds at most. */
const MAX_STACK = 256;

/**
 * Runs modules as TOS does: append a module, invoke an entry, push the parameters last to first, set the gas limit, run. The same calls
 * run a legacy module and an ELF file.
 */
export class VM {
  readonly #environment: Environment;
  readonly #context = new Context();
  #module: Module | undefined;
  #entry: EntryPoint | undefined;
  /** In order of pushing: the last parameter first. */
  #stack: CallParameter[] = [];
  #lastResult: ExecutionResult | undefined;

  constructor(environment: Environment) {
    checkEnvironment(environment);
    this.#environment = environment;
  }

  static new(environment: Environment): VM {
    return new VM(environment);
  }

  /** Loads a module, instead of the one before. An entry must be invoked anew. */
  appendModule(module: Module): void {
    if (!(module instanceof Module)) {
      throw tosError('CALL_NOT_READY', 'NoModuleLoaded', `expected a Module, found a ${typeof module}.`);
    }
    this.#module = module;
    this.#entry = undefined;
  }

  /** Chooses the entry to run. @throws VmError CALL_NOT_READY (NoModuleLoaded), ENTRY_NOT_FOUND (EntryPointNotFound). */
  invokeEntryChunk(id: number): void {
    const module = this.#loaded();
    if (module.entryPoint(id) === undefined) {
      const has = module.entryPointIds().join(', ') || 'none';
      throw tosError(
        'ENTRY_NOT_FOUND',
        `EntryPointNotFound(${id})`,
        `the module has no entry ${id}; it has ${has}.`,
      );
    }
    this.#entry = { kind: 'entry', id };
  }

  /** Chooses the hook to run. @returns false, and chooses nothing, when the module lacks it. @throws VmError CALL_NOT_READY. */
  invokeHookId(id: number): boolean {
    if (this.#loaded().hook(id) === undefined) return false;
    this.#entry = { kind: 'hook', id };
    return true;
  }

  /**
   * Pushes a parameter; the last one first, so that the first ends on top. `type` is its declared type, which a call of an ELF file needs
   * where an object is no array.
   * @throws VmError VALUE_INVALID for an opaque value that may not come from outside or is not of its type's size, and for what is no
   * ValueCell or Type; STACK_OVERFLOW beyond 256.
   */
  pushStack(value: ValueCell, type?: Type): void {
    if (this.#stack.length === MAX_STACK) {
      throw tosError('STACK_OVERFLOW', 'StackOverflow', `more than ${MAX_STACK} values were pushed.`, {
        hint: `Pass at most ${MAX_STACK} parameters, a legacy module 255; an object or bytes hold more.`,
      });
    }
    const pushed = valueOfCell(value);
    const fault = type === undefined ? undefined : typeFault(type);
    if (fault !== undefined) throw valueError(`the declared type is none: ${fault}`);
    this.#checkOpaques(pushed);
    this.#stack.push({ value: pushed, type });
  }

  context(): Context {
    return this.#context;
  }

  /** The same context: JavaScript has no second way to borrow it. */
  contextMut(): Context {
    return this.#context;
  }

  /**
   * Runs the entry and forgets it and the parameters. What the contract changed stays in the state if it ended with 0, else it is undone.
   * @returns the contract's one value: the exit code as u64, or from a typed engine whatever it left.
   * @throws VmError that the run failed with; CALL_NOT_READY (NoModuleLoaded, NoEntryPointSet), VALUE_INVALID (SerializationFailed); or
   * what a host function threw that is the host's fault.
   */
  run(): ValueCell {
    const module = this.#loaded();
    const entry = this.#entry;
    if (entry === undefined) {
      throw tosError(
        'CALL_NOT_READY',
        'NoEntryPointSet',
        'no entry is set; invoke an entry or a hook before run.',
      );
    }
    const parameters = this.#stack.toReversed();
    this.#entry = undefined;
    this.#stack = [];
    this.#lastResult = undefined;
    this.#context.setGasUsage(0n);
    const { result, value } = this.#execute(module, entry, parameters);
    this.#lastResult = result;
    this.#context.setGasUsage(result.gasUsed);
    if (value !== undefined) return ValueCell.from(value);
    throw result.error ?? new VmError('INTERNAL', 'the engine gave back neither a value nor an error.');
  }

  /** All that the last run left: status, logs, events, transfers, changes of state. Undefined before a run, and after one that threw. */
  lastResult(): ExecutionResult | undefined {
    return this.#lastResult;
  }

  #execute(
    module: Module,
    entry: EntryPoint,
    parameters: readonly CallParameter[],
  ): { readonly result: ExecutionResult; readonly value: TypedValue | undefined } {
    const { factory, maxGas } = this.#environment;
    const fields = this.#context.get(CALL_FIELDS) ?? {};
    const code = module.elfBytes();
    const { engine, type } = factory.select({
      code,
      address: fields.contract,
      blockHeight: fields.block?.height,
    });
    const { calls } = factory.definition(type).tools;
    if (calls === undefined) {
      throw new VmError('UNSUPPORTED', `engine ${type} has no calls with typed values.`);
    }
    const limit = this.#context.gasLimit();
    const context = createContext({
      ...fields,
      entry,
      input: calls.encodeParameters(parameters),
      gasLimit: limit < maxGas ? limit : maxGas,
    });
    this.#environment.attach(context, this.#context);
    const result = runAndSettle(this.#state(), (state) => engine.execute(code, context, state));
    return { result, value: calls.resultOf(result) };
  }

  /** The host's state, or one of the VM's own that its runs share. */
  #state(): StateAccess {
    const given = this.#context.get(CHAIN_STATE);
    if (given !== undefined) return given;
    const own = new JournaledState(new MemoryBackend());
    this.#context.insert(CHAIN_STATE, own);
    return own;
  }

  #loaded(): Module {
    if (this.#module !== undefined) return this.#module;
    throw tosError('CALL_NOT_READY', 'NoModuleLoaded', 'no module is loaded; append one first.');
  }

  #checkOpaques(value: TypedValue): void {
    if (value.kind === 'opaque') this.#checkOpaque(value.type, value.content.length);
    if (value.kind === 'object') for (const element of value.elements) this.#checkOpaques(element);
    if (value.kind === 'map') for (const each of value.entries.flat()) this.#checkOpaques(each);
  }

  #checkOpaque(type: string, bytes: number): void {
    const registered = this.#environment.opaqueTypes.get(type);
    if (registered === undefined) return;
    if (!registered.allowAsInput) {
      throw tosError('VALUE_INVALID', 'InvalidOpaque', `a ${type} may not come from outside.`);
    }
    if (registered.bytes !== bytes) {
      throw tosError(
        'VALUE_INVALID',
        'InvalidOpaque',
        `a ${type} has ${registered.bytes} bytes, not ${bytes}.`,
      );
    }
  }
}

/** Keeps what a run changed if it succeeded, and undoes it if not, whatever happens. */
function runAndSettle(state: StateAccess, run: (state: StateAccess) => ExecutionResult): ExecutionResult {
  const checkpoint = state.checkpoint();
  let isKept = false;
  try {
    const result = run(state);
    isKept = result.status === 'success';
    return result;
  } finally {
    if (isKept) state.commit(checkpoint);
    else state.revert(checkpoint);
  }
}

import type { VmErrorCode } from '../errors/codes.ts';
import { toVmError, VmError } from '../errors/vm-error.ts';
import type { ModuleDescriptor } from '../factory/select-rule.ts';
import type { VmFactory } from '../factory/vm-factory.ts';
import { byteKey } from '../state/byte-key.ts';
import { codeHash } from '../state/hashes.ts';
import type { VirtualMachine } from '../vm/virtual-machine.ts';

/** A module ready to run, or why it is not. */
export type PreparedModule =
  | { readonly engine: VirtualMachine; readonly type: string; readonly error: null }
  | { readonly engine: null; readonly type: string | null; readonly error: VmError };

/** Verdicts kept by code hash, per engine; the oldest goes first. A verdict is small. */
const KEPT_VERDICTS = 4096;

/** No engine for this module: the call's failure. Anything else, such as an engine's wrong option, is the host's. */
const SELECTION_FAILURES: ReadonlySet<VmErrorCode> = new Set([
  'CODE_FORMAT_UNKNOWN',
  'ENGINE_UNKNOWN',
  'ENGINE_DISABLED',
]);

/** Selects the engine and validates the code, once per engine and code hash. */
export class ModulePreparer {
  readonly #factory: VmFactory;
  /** Verdicts by the identity of the code array, so that calling the same code again hashes nothing. */
  readonly #byArray = new WeakMap<
    Uint8Array,
    { readonly engine: VirtualMachine; readonly module: PreparedModule }
  >();
  readonly #byHash = new WeakMap<VirtualMachine, Map<string, VmError | null>>();

  constructor(factory: VmFactory) {
    this.#factory = factory;
  }

  prepare(module: ModuleDescriptor): PreparedModule {
    let selection: ReturnType<VmFactory['select']>;
    try {
      selection = this.#factory.select(module);
    } catch (thrown) {
      const error = toVmError(thrown);
      if (!SELECTION_FAILURES.has(error.code)) throw thrown;
      return { engine: null, type: null, error };
    }
    const { engine, type } = selection;
    const known = this.#byArray.get(module.code);
    if (known !== undefined && known.engine === engine) return known.module;
    const error = this.#validate(engine, module.code);
    const prepared: PreparedModule = error === null ? { engine, type, error } : { engine: null, type, error };
    this.#byArray.set(module.code, { engine, module: prepared });
    return prepared;
  }

  #validate(engine: VirtualMachine, code: Uint8Array): VmError | null {
    let verdicts = this.#byHash.get(engine);
    if (verdicts === undefined) {
      verdicts = new Map();
      this.#byHash.set(engine, verdicts);
    }
    const name = byteKey(codeHash(code));
    let error = verdicts.get(name);
    if (error === undefined) {
      const report = engine.validateCode(code);
      error = report.valid
        ? null
        : (report.error ?? new VmError('CODE_INVALID', `engine ${engine.type} refuses the code.`));
      if (verdicts.size >= KEPT_VERDICTS) verdicts.delete(verdicts.keys().next().value!);
      verdicts.set(name, error);
    }
    return error;
  }
}

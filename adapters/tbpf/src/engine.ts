import {
  bytesToHex,
  COMPILED_CODE_CACHE,
  codeHash,
  type EngineServices,
  type ExecutionContext,
  type ExecutionResult,
  estimateWithEngine,
  failedResult,
  type GasEstimate,
  HOST_FUNCTIONS,
  observerOf,
  type RunObserver,
  type StateAccess,
  stableJson,
  type ValidationReport,
  type VirtualMachine,
  VmError,
  type VmVersion,
} from '@switchyard/core';
import { compileService } from '#compile-service';
import type { TbpfConfig } from './config.ts';
import { type Contract, entryPcOf, loadContract } from './contract.ts';
import { addressMap } from './format/elf-constants.ts';
import { run } from './interpreter/interpreter.ts';
import type { Machine } from './interpreter/machine.ts';
import { ReferenceMachine } from './interpreter/reference-machine.ts';
import { type SlotPool, sharedSlotPool } from './linear/slot-pool.ts';
import { machineConfigOf, parseTbpfOptions, type TbpfOptions } from './options.ts';
import { resultOf } from './result-of.ts';
import { syscallTableOf } from './syscalls/index.ts';
import type { SyscallTable } from './syscalls/syscall.ts';
import { TosHost } from './syscalls/tos-host.ts';
import { TierPolicy } from './tiering/tier-policy.ts';
import type { TieredProgram } from './tiering/tiered-program.ts';
import { runObserved } from './tracing/run-observed.ts';

/**
 * The TBPF engine: Solana-style eBPF in ELF files, versions V0–V4 (tbpf.md), with the tos_* syscalls (tos-syscalls.md). An entry
 * receives r1 = address of the input and r2 = its length; exit code 0 is success. 1 gas an instruction, syscalls by their table.
 */
export class TbpfEngine implements VirtualMachine {
  readonly type = 'tbpf';
  readonly version: VmVersion = Object.freeze({
    major: 0,
    minor: 14,
    patch: 1,
    features: Object.freeze(['v0', 'v1', 'v2', 'v3', 'v4', 'trace', 'exact-estimate']),
  });
  readonly #options: TbpfOptions;
  readonly #config: TbpfConfig;
  readonly #services: EngineServices;
  readonly #syscalls: SyscallTable;
  /** What shapes a loaded contract: the options, and the host's functions, whose indices are in its code. */
  readonly #optionsKey: string;
  readonly #slots: SlotPool;
  readonly #policy: TierPolicy;
  /** Contracts, or why they are refused, by the identity of their code array, which nobody may write: saves hashing at every call. */
  readonly #known = new WeakMap<Uint8Array, Contract | VmError>();

  /** @throws VmError ENGINE_OPTION_UNKNOWN, ENGINE_OPTION_INVALID, HOST_FUNCTION_INVALID. */
  constructor(options: unknown, services: EngineServices, slots: SlotPool = sharedSlotPool()) {
    this.#slots = slots;
    this.#options = parseTbpfOptions(options);
    this.#config = machineConfigOf(this.#options);
    this.#services = services;
    this.#syscalls = syscallTableOf(services);
    const functions = services.ports.get(HOST_FUNCTIONS)?.key ?? '';
    this.#optionsKey = stableJson({ ...this.#options }) + functions;
    this.#policy = new TierPolicy(this.#options, compileService);
  }

  execute(code: Uint8Array, context: ExecutionContext, state: StateAccess): ExecutionResult {
    const contract = this.#contract(code);
    if (contract instanceof VmError) return failedResult(contract);
    const entryPc = entryPcOf(contract, context.entry);
    if (entryPc instanceof VmError) return failedResult(entryPc);
    const host = new TosHost(context, state);
    const observer = observerOf(context);
    const slot =
      observer?.onStep === undefined && this.#options.tier !== 'reference'
        ? this.#slots.take(contract.program, this.#options.heapBytes, context.input.length)
        : undefined;
    if (slot === undefined) return this.#executeOnReference(contract, entryPc, host, observer);
    try {
      const { machine } = slot;
      machine.begin({
        entryPc,
        gasLimit: context.gasLimit,
        input: context.input,
        host,
        hostSyscallsOnly: host.reportsSyscalls,
        observer,
      });
      setArguments(machine, context);
      const mark = state.outputCount;
      const checkpoint = state.checkpoint();
      const tier = this.#policy.run(contract.tiered, slot, entryPc, context);
      const result = resultOf(machine, tier, { host, contract, entryPc, mark, checkpoint });
      state.commit(checkpoint);
      if (contract.tiered.newModuleMs !== undefined) tellCompiled(contract.tiered, code, context);
      return result;
    } finally {
      this.#slots.give(slot);
    }
  }

  #executeOnReference(
    contract: Contract,
    entryPc: number,
    host: TosHost,
    observer: RunObserver | undefined,
  ): ExecutionResult {
    const { context, state } = host;
    const machine = new ReferenceMachine({
      program: contract.program,
      entryPc,
      gasLimit: context.gasLimit,
      input: context.input.slice(),
      heapSize: this.#options.heapBytes,
      host,
    });
    setArguments(machine, context);
    const mark = state.outputCount;
    const checkpoint = state.checkpoint();
    if (observer === undefined) run(machine);
    else runObserved(machine, observer, this.#syscalls);
    const result = resultOf(machine, 'reference', { host, contract, entryPc, mark, checkpoint });
    state.commit(checkpoint);
    return result;
  }

  estimateGas(code: Uint8Array, context: ExecutionContext, state: StateAccess): GasEstimate {
    return estimateWithEngine(this, code, context, state);
  }

  validateCode(code: Uint8Array): ValidationReport {
    const contract = this.#contract(code);
    if (contract instanceof VmError) return { valid: false, error: contract, warnings: [] };
    const { entries, hooks, functions } = contract.entries;
    const warnings =
      entries.size + hooks.size + functions.size === 0
        ? ['no entry_N, hook_N or other function is exported: only the default entry can be called.']
        : [];
    return { valid: true, error: null, warnings };
  }

  #contract(code: Uint8Array): Contract | VmError {
    const known = this.#known.get(code);
    if (known !== undefined) return known;
    const { maxCodeBytes } = this.#options;
    if (code.length > maxCodeBytes) {
      return new VmError(
        'CODE_TOO_LARGE',
        `the code has ${code.length} bytes; at most ${maxCodeBytes} are allowed.`,
        {
          hint: 'Make the contract smaller, or raise engines.tbpf.options.maxCodeBytes.',
        },
      );
    }
    const { moduleCache } = this.#services;
    const key = { engine: 'tbpf', version: '0.14.1', options: this.#optionsKey, codeHash: codeHash(code) };
    let contract: Contract | VmError | undefined = moduleCache.get<Contract>(key);
    if (contract === undefined) {
      const cache = this.#services.ports.get(COMPILED_CODE_CACHE);
      contract = loadContract(code, this.#config, this.#syscalls, this.#options.heapBytes, cache);
      if (!(contract instanceof VmError)) moduleCache.put(key, contract, contract.bytes);
    }
    this.#known.set(code, contract);
    return contract;
  }
}

/** Tells who listens that a contract has compiled code now. A run that nobody watches leaves it to the next one. */
function tellCompiled(tiered: TieredProgram, code: Uint8Array, { events }: ExecutionContext): void {
  if (events === undefined || events.listenerCount('compile') === 0) return;
  events.emit('compile', 'tbpf', bytesToHex(codeHash(code)), tiered.newModuleMs ?? 0);
  tiered.newModuleMs = undefined;
}

/** r1 = address of the input, r2 = its length. */
function setArguments(machine: Machine, { input }: ExecutionContext): void {
  machine.setRegister(1, addressMap.input);
  machine.setRegisterNumber(2, input.length);
}

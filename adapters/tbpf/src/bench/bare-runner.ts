import { assemble } from '../assembler/assemble.ts';
import { defaultTbpfConfig, type TbpfConfig } from '../config.ts';
import { addressMap } from '../format/elf-constants.ts';
import { run } from '../interpreter/interpreter.ts';
import type { Machine } from '../interpreter/machine.ts';
import { type Program, predecode } from '../interpreter/program.ts';
import { ReferenceMachine } from '../interpreter/reference-machine.ts';
import type { TbpfVersion } from '../isa/version.ts';
import { sharedSlotPool } from '../linear/slot-pool.ts';
import { type WebAssemblyApi, webAssembly } from '../linear/web-assembly.ts';
import { loadRawText, type RawFunction } from '../loader/raw-text.ts';
import { createSyscallTable } from '../syscalls/syscall.ts';
import { inlineCompiler } from '../tiering/inline-compiler.ts';
import { TieredProgram } from '../tiering/tiered-program.ts';
import { verify } from '../verifier/verify.ts';
import { BENCH_HEAP_BYTES } from './programs.ts';

/** Raw slots and the registry of their functions. */
export interface BenchText {
  readonly version: TbpfVersion;
  readonly text: Uint8Array;
  readonly functions: readonly RawFunction[];
}

/** A program loaded on one tier. */
export interface BareRunner {
  /** Gets ready to run with an input, of which the run writes a copy or, on the reference tier, itself. */
  start(input: Uint8Array): void;
  run(): void;
  /** The machine after its run. */
  readonly machine: Machine;
  /** Gives back what it holds of the host's memory. It is not used again. */
  release(): void;
}

const noSyscalls = createSyscallTable([]);

/** Assembles a benchmark's source. @throws Error when it is no valid program. */
export function assembleBench(source: string, version: TbpfVersion): BenchText {
  const outcome = assemble(source, { config: { ...defaultTbpfConfig, enabledVersions: [version, version] } });
  if (!outcome.ok) throw new Error(outcome.message);
  return { version, text: outcome.text, functions: outcome.functions };
}

/** Loads, verifies and decodes raw slots. @throws Error when they are refused. */
export function decodeBench({ version, text, functions }: BenchText, config: TbpfConfig): Program {
  const loaded = loadRawText(text, version, noSyscalls, config, functions);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const refused = verify(text, version, noSyscalls);
  if (refused !== undefined) throw new Error(refused.detail);
  return predecode(loaded.executable, noSyscalls);
}

/** The configuration with or without a meter. */
export function meterConfig(meter: 'on' | 'off'): TbpfConfig {
  return { ...defaultTbpfConfig, enableInstructionMeter: meter === 'on' };
}

const ENOUGH = 1n << 40n;

/** A program on the reference tier. */
export function referenceRunner(program: Program): BareRunner {
  const begin = (input: Uint8Array): ReferenceMachine => {
    const { entryPc } = program.executable;
    const options = { program, entryPc, gasLimit: ENOUGH, input, heapSize: BENCH_HEAP_BYTES };
    const machine = new ReferenceMachine(options);
    machine.setRegister(1, addressMap.input);
    return machine;
  };
  let machine = begin(new Uint8Array(0));
  return {
    start(input) {
      machine = begin(input);
    },
    run: () => run(machine),
    get machine() {
      return machine;
    },
    release() {},
  };
}

/**
 * A program on a fast tier: on a slot that it keeps. With `profiled` compiled code is made with what a run on tier 0 has seen, as `auto`
 * makes it.
 * @throws Error when the host has no memory for it, or when the program is not compiled.
 */
export function slotRunner(
  program: Program,
  tier: 'interpreter' | 'compiled',
  input: Uint8Array,
  profiled: boolean,
): BareRunner {
  const pool = sharedSlotPool();
  const slot = pool.take(program, BENCH_HEAP_BYTES, input.length);
  if (slot === undefined) throw new Error('the host has no WebAssembly, or no memory for it.');
  const { machine } = slot;
  const { entryPc } = program.executable;
  const start = (given: Uint8Array): void => {
    slot.clean();
    machine.begin({ entryPc, gasLimit: ENOUGH, input: given, host: undefined });
    machine.setRegister(1, addressMap.input);
  };
  const release = (): void => pool.give(slot);
  if (tier === 'interpreter') return { start, run: () => machine.interpret(), machine, release };

  const tiered = new TieredProgram(program, BENCH_HEAP_BYTES, [entryPc]);
  if (profiled) {
    start(input);
    machine.interpret();
    tiered.addProfile(slot);
  }
  inlineCompiler.start(tiered);
  if (tiered.state !== 'compiled') throw new Error('the program was not compiled.');
  return { start, run: () => void tiered.runCompiled(slot, entryPc), machine, release };
}

/** The host's WebAssembly. @throws Error where there is none. */
export function requireWebAssembly(): WebAssemblyApi {
  const api = webAssembly();
  if (api === undefined) throw new Error('the host has no WebAssembly.');
  return api;
}

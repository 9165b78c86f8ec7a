import { assemble } from '../assembler/assemble.ts';
import { defaultTbpfConfig } from '../config.ts';
import { addressMap } from '../format/elf-constants.ts';
import { run } from '../interpreter/interpreter.ts';
import type { Machine } from '../interpreter/machine.ts';
import type { TbpfVersion } from '../isa/version.ts';
import { SlotPool } from '../linear/slot-pool.ts';
import { webAssembly } from '../linear/web-assembly.ts';
import { heapSlot, inputSlot, stackSlot } from '../memory/address-space.ts';
import { createSyscallTable } from '../syscalls/syscall.ts';
import { TieredProgram } from '../tiering/tiered-program.ts';
import { type PreparedVector, prepareVector, referenceMachineOf } from '../vectors/run-vector.ts';
import { sampleSyscalls } from '../vectors/sample-syscalls.ts';
import { type CompiledProgram, compileProgram } from './compile.ts';
import { compilerInputOf } from './input.ts';

/** A program of raw slots and what it runs with. */
export interface BareProgram {
  readonly version?: string;
  readonly heap?: number;
  /** Hexadecimal. */
  readonly input?: string;
  /** Names of sample syscalls. */
  readonly syscalls?: readonly string[];
  readonly config?: Readonly<Record<string, number | boolean>>;
}

/** All that can be told of a run. */
export interface Ending {
  readonly fault: string | undefined;
  readonly pc: number;
  readonly instructions: bigint;
  readonly r0: bigint | undefined;
  /** A digest each of stack, heap and input. */
  readonly memory: readonly number[];
}

/** One program, run in compiled code and on the reference. Compiled in checked mode. */
export class BothTiers {
  readonly tiered: TieredProgram;
  readonly compiled: CompiledProgram | undefined;
  readonly #pool = new SlotPool(webAssembly());
  readonly #prepare: (gasLimit: bigint) => PreparedVector;
  /** Cold exits of the last compiled run. */
  coldExits = 0;

  constructor(
    source: string,
    { version = 'v0', heap = 0, input = '', syscalls = [], config = {} }: BareProgram = {},
  ) {
    const enabledVersions = [Number(version[1]), Number(version[1])] as [TbpfVersion, TbpfVersion];
    const table = createSyscallTable(sampleSyscalls);
    const assembled = assemble(source, {
      config: { ...defaultTbpfConfig, enabledVersions },
      syscalls: table,
    });
    if (!assembled.ok) throw new Error(assembled.message);
    const { text: code, functions } = assembled;
    this.#prepare = (gasLimit) => {
      const registry = functions.map(([key, pc]) => [key, pc]);
      const fields = { version, heap, input, functions: registry, config, syscalls: [...syscalls] };
      const prepared = prepareVector({
        id: 'x',
        engine: 'tbpf',
        code,
        codeKind: 'text',
        gasLimit,
        fields,
        expect: {},
      });
      if ('stage' in prepared) throw new Error(prepared.detail);
      return prepared;
    };
    const { program, heapSize, entryPc } = this.#prepare(0n);
    this.tiered = new TieredProgram(program, heapSize, [entryPc]);
    this.compiled = compileProgram(this.tiered.beginCompiling(), { checked: true });
    this.tiered.accept(this.compiled, { milliseconds: 0 });
  }

  /** Compiles again with what tier 0 has seen. */
  recompile(): void {
    this.tiered.accept(compileProgram(this.tiered.beginCompiling(), { checked: true }), { milliseconds: 0 });
  }

  /** Compiles again as if tier 0 had seen these regions (1 << region) by slot. */
  recompileWith(profile: readonly number[]): void {
    const { program, heapBytes } = this.tiered;
    const known = new Uint8Array(program.length);
    known.set(profile);
    const input = compilerInputOf(program, heapBytes, [program.executable.entryPc], known);
    this.tiered.accept(compileProgram(input, { checked: true }), { milliseconds: 0 });
  }

  reference(gasLimit: bigint): Ending {
    const machine = referenceMachineOf(this.#prepare(gasLimit));
    run(machine);
    return endingOf(machine);
  }

  run(gasLimit: bigint): Ending {
    const prepared = { ...this.#prepare(gasLimit), program: this.tiered.program };
    const slot = this.#pool.take(prepared.program, prepared.heapSize, prepared.input.length)!;
    try {
      const { machine } = slot;
      machine.begin(prepared);
      machine.setRegister(1, addressMap.input);
      if (!this.tiered.runCompiled(slot, prepared.entryPc)) throw new Error('not compiled');
      this.coldExits = machine.coldExits;
      this.tiered.addProfile(slot);
      return endingOf(machine);
    } finally {
      this.#pool.give(slot);
    }
  }
}

function endingOf(machine: Machine): Ending {
  const { fault } = machine;
  return {
    fault: fault?.detail,
    pc: machine.finalPc,
    instructions: machine.meter.used,
    r0: fault === undefined ? machine.register(0) : undefined,
    memory: [stackSlot, heapSlot, inputSlot].map((slot) => digestOf(machine.regionBytes(slot))),
  };
}

/** FNV-1a over what isn't zero and where: most of a stack is zero. */
function digestOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0) hash = Math.imul(Math.imul(hash ^ at, 0x01000193) ^ bytes[at]!, 0x01000193);
  }
  return hash;
}

import { assemble } from '../assembler/assemble.ts';
import { defaultTbpfConfig, type TbpfConfig } from '../config.ts';
import { addressMap } from '../format/elf-constants.ts';
import { run } from '../interpreter/interpreter.ts';
import type { Machine } from '../interpreter/machine.ts';
import { type Program, predecode } from '../interpreter/program.ts';
import { ReferenceMachine } from '../interpreter/reference-machine.ts';
import type { TbpfVersion } from '../isa/version.ts';
import { loadRawText } from '../loader/raw-text.ts';
import { heapSlot, inputSlot, programSlot, stackSlot } from '../memory/address-space.ts';
import { createSyscallTable, type Syscall } from '../syscalls/syscall.ts';
import { verify } from '../verifier/verify.ts';
import { InterpreterCell } from './interpreter-cells.ts';
import type { Slot } from './slot.ts';
import { SlotPool } from './slot-pool.ts';
import { webAssembly } from './web-assembly.ts';

/** A program and what it runs with; everything but the source has a default. */
export interface BothRun {
  readonly source: string;
  readonly version?: TbpfVersion;
  readonly config?: Partial<TbpfConfig>;
  readonly gasLimit?: bigint;
  readonly input?: Uint8Array;
  readonly heapSize?: number;
  readonly syscalls?: readonly Syscall[];
  readonly host?: () => unknown;
  /** Units drawn from the meter at once, and instructions in one activation of the inner loop. */
  readonly sliceUnits?: number;
  readonly chunk?: number;
  /** Somebody listens to syscalls. */
  readonly hostSyscallsOnly?: boolean;
}

/** All that a run leaves. */
export interface RunEnd {
  readonly fault: string | undefined;
  readonly pc: number;
  readonly finalPc: number;
  readonly used: bigint;
  readonly instructions: number;
  readonly registers: readonly bigint[];
  readonly memory: readonly string[];
}

/** Assembles, verifies and decodes. @throws Error with the reason for which the source is refused. */
export function programOf({ source, version = 0, config = {}, syscalls = [] }: BothRun): Program {
  const table = createSyscallTable(syscalls);
  const full: TbpfConfig = { ...defaultTbpfConfig, ...config, enabledVersions: [version, version] };
  const assembled = assemble(source, { config: full, syscalls: table });
  if (!assembled.ok) throw new Error(assembled.message);
  const loaded = loadRawText(assembled.text, version, table, full, assembled.functions);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const refused = verify(loaded.executable.text, version, table);
  if (refused !== undefined) throw new Error(refused.detail);
  return predecode(loaded.executable, table);
}

const pool = new SlotPool(webAssembly());

/** Runs on the reference tier. */
export function endOnReference(options: BothRun): RunEnd {
  const machine = new ReferenceMachine({
    program: programOf(options),
    entryPc: 0,
    gasLimit: options.gasLimit ?? 10_000n,
    input: (options.input ?? new Uint8Array(64)).slice(),
    heapSize: options.heapSize ?? 256,
    host: options.host?.(),
  });
  machine.setRegister(1, addressMap.input);
  run(machine);
  return endOf(machine);
}

/** Runs on tier 0, and shows the slot to `look` before it is given back. */
export function endOnSlot(options: BothRun, look?: (slot: Slot) => void): RunEnd {
  const program = programOf(options);
  const heapSize = options.heapSize ?? 256;
  const input = options.input ?? new Uint8Array(64);
  const slot = pool.take(program, heapSize, input.length)!;
  const { machine } = slot;
  try {
    machine.begin({
      entryPc: 0,
      gasLimit: options.gasLimit ?? 10_000n,
      input,
      host: options.host?.(),
      hostSyscallsOnly: options.hostSyscallsOnly ?? false,
    });
    machine.setRegister(1, addressMap.input);
    machine.sliceUnits = options.sliceUnits ?? Number.MAX_SAFE_INTEGER;
    const chunk = slot.words[InterpreterCell.chunk >> 2]!;
    slot.words[InterpreterCell.chunk >> 2] = options.chunk ?? chunk;
    machine.interpret();
    slot.words[InterpreterCell.chunk >> 2] = chunk;
    look?.(slot);
    return endOf(machine);
  } finally {
    machine.sliceUnits = Number.MAX_SAFE_INTEGER;
    pool.give(slot);
  }
}

/** Everything that can be seen of a run. */
export function endOf(machine: Machine): RunEnd {
  return {
    fault: machine.fault?.detail,
    pc: machine.pc,
    finalPc: machine.finalPc,
    used: machine.meter.used,
    instructions: machine.instructions,
    registers: Array.from({ length: 11 }, (_, index) => machine.register(index)),
    memory: [programSlot, stackSlot, heapSlot, inputSlot].map((slot) =>
      memoryText(machine.regionBytes(slot)),
    ),
  };
}

/** The bytes that are not 0, with their places. */
function memoryText(bytes: Uint8Array): string {
  const parts: string[] = [`${bytes.length}`];
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== 0) parts.push(`${at}:${bytes[at]}`);
  return parts.join(' ');
}

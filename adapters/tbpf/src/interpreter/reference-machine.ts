import { addressMap } from '../format/elf-constants.ts';
import { geometryOf, mapError } from '../memory/address-space.ts';
import { MemoryMap, UNMAPPED } from '../memory/memory-map.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { highOf, joinU64, lowOf } from './arithmetic64.ts';
import { GasMeter } from './gas-meter.ts';
import { framePointer, type Machine } from './machine.ts';
import type { Program } from './program.ts';

/** Words that a call saves: r6–r9 and r10 in halves, and the return pc. */
export const wordsPerFrame = 11;

/** What the host gives to a run. */
export interface MachineOptions {
  readonly program: Program;
  /** Slot at which to start. */
  readonly entryPc: number;
  readonly gasLimit: bigint;
  /** Mapped at 0x4_0000_0000, writable, used in place. */
  readonly input: Uint8Array;
  /** Bytes of zeroed heap at 0x3_0000_0000. */
  readonly heapSize: number;
  /** What syscalls need of their host; the machine itself never looks at it. */
  readonly host?: unknown;
}

/**
 * The reference tier's run: registers as 32-bit halves, pc, call frames, memory, meter. `interpreter.ts` moves it on; syscalls read and
 * change it; a tracer looks at it between steps.
 */
export class ReferenceMachine implements Machine {
  readonly program: Program;
  readonly memory: MemoryMap;
  readonly meter: GasMeter;
  readonly host: unknown;
  /** Low halves of r0–r10; further words are never used by verified code. */
  readonly low = new Int32Array(16);
  /** High halves. */
  readonly high = new Int32Array(16);
  readonly frames: Int32Array;
  pc: number;
  /** Calls entered and not returned from. */
  depth = 0;
  /** Instructions executed, the faulting one included. */
  instructions = 0;
  /** Why the run ended; undefined while it runs and after success. */
  fault: TbpfNativeError | undefined;
  readonly #entryPc: number;

  constructor(options: MachineOptions) {
    const { program } = options;
    const { config } = program.executable;
    const stackSize = config.stackFrameSize * config.maxCallDepth;
    const dynamic = program.features.dynamicFrames;
    this.program = program;
    this.host = options.host;
    this.meter = new GasMeter(options.gasLimit);
    this.frames = new Int32Array(config.maxCallDepth * wordsPerFrame);
    this.pc = options.entryPc;
    this.#entryPc = options.entryPc;
    this.memory = new MemoryMap(geometryOf(program), {
      program: program.executable.readOnly.bytes,
      stack: new Uint8Array(stackSize),
      heap: new Uint8Array(options.heapSize),
      input: options.input,
    });
    this.setRegister(framePointer, addressMap.stack + BigInt(dynamic ? stackSize : config.stackFrameSize));
  }

  register(index: number): bigint {
    return joinU64(this.low[index]!, this.high[index]!);
  }

  setRegister(index: number, value: bigint): void {
    this.low[index] = lowOf(value);
    this.high[index] = highOf(value);
  }

  registerNumber(index: number): number {
    return (this.high[index]! >>> 0) * 0x1_0000_0000 + (this.low[index]! >>> 0);
  }

  setRegisterNumber(index: number, value: number): void {
    this.low[index] = value;
    this.high[index] = value / 0x1_0000_0000;
  }

  lowWord(index: number): number {
    return this.low[index]!;
  }

  highWord(index: number): number {
    return this.high[index]!;
  }

  get finalPc(): number {
    return this.fault === undefined || this.fault.name === 'SyscallError' ? this.#entryPc : this.pc;
  }

  bytesAt(index: number, length: number, write: boolean): Uint8Array | undefined {
    return this.bytesAtAddress(this.low[index]!, this.high[index]!, length, write);
  }

  memoryFault(index: number, length: bigint, write: boolean): TbpfNativeError {
    return this.memory.violation(write, this.low[index]!, this.high[index]!, length);
  }

  bytesAtAddress(low: number, high: number, length: number, write: boolean): Uint8Array | undefined {
    const offset = this.memory.locate(high, low, length, write);
    return offset === UNMAPPED ? undefined : this.memory.bytes[high]!.subarray(offset, offset + length);
  }

  addressFault(low: number, high: number, length: bigint, write: boolean): TbpfNativeError {
    return this.memory.violation(write, low, high, length);
  }

  regionBytes(slot: number): Uint8Array {
    return this.memory.bytes[slot]!;
  }
}

/** A machine ready to run, or the error of a memory map that cannot be built (spec §3.3, unaligned mapping). */
export function createMachine(options: MachineOptions): ReferenceMachine | TbpfNativeError {
  return mapError(options.program) ?? new ReferenceMachine(options);
}

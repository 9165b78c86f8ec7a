import { addressMap } from '../format/elf-constants.ts';
import { type MemoryMap, MemoryMap as MemoryMapOf, programSlot, UNMAPPED } from '../memory/memory-map.ts';
import { nativeError, type TbpfNativeError } from '../native-error.ts';
import { highOf, joinU64, lowOf } from './arithmetic64.ts';
import { GasMeter } from './gas-meter.ts';
import type { Program } from './program.ts';

/** Words that a call saves: r6–r9 and r10 in halves, and the return pc. */
export const wordsPerFrame = 11;

/** Index of the frame pointer. */
export const framePointer = 10;

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
 * The state of one run: registers as 32-bit halves, pc, call frames, memory, meter. `interpreter.ts` moves it on; syscalls read and
 * change it; a tracer looks at it between steps.
 */
export class Machine {
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

  /** @throws TbpfNativeError data is never thrown; see `createMachine`. */
  constructor(options: MachineOptions) {
    const { program } = options;
    const { config, readOnly } = program.executable;
    const stackSize = config.stackFrameSize * config.maxCallDepth;
    const dynamic = program.features.dynamicFrames;
    this.program = program;
    this.host = options.host;
    this.meter = new GasMeter(options.gasLimit);
    this.frames = new Int32Array(config.maxCallDepth * wordsPerFrame);
    this.pc = options.entryPc;
    this.#entryPc = options.entryPc;
    this.memory = new MemoryMapOf({
      programBase: Number(readOnly.address - addressMap.program),
      program: readOnly.bytes,
      stack: new Uint8Array(stackSize),
      heap: new Uint8Array(options.heapSize),
      input: options.input,
      frameSize: config.stackFrameSize,
      gapped: !dynamic && config.enableStackFrameGaps,
      maxCallDepth: config.maxCallDepth,
      stackErrors: program.executable.version === 0,
    });
    this.setRegister(framePointer, addressMap.stack + BigInt(dynamic ? stackSize : config.stackFrameSize));
  }

  /** Value of a register as u64. */
  register(index: number): bigint {
    return joinU64(this.low[index]!, this.high[index]!);
  }

  /** Sets a register; the value is taken modulo 2^64. */
  setRegister(index: number, value: bigint): void {
    this.low[index] = lowOf(value);
    this.high[index] = highOf(value);
  }

  /** Value of a register as a double: exact below 2^53, and above that still larger than every limit. */
  registerNumber(index: number): number {
    return (this.high[index]! >>> 0) * 0x1_0000_0000 + (this.low[index]! >>> 0);
  }

  /** Final pc in the reference's terms: after success and after a syscall's error the entry (spec §5.5). */
  get finalPc(): number {
    return this.fault === undefined || this.fault.name === 'SyscallError' ? this.#entryPc : this.pc;
  }

  /**
   * The bytes at the address in register `index`: a view, not a copy. Undefined when the range is not mapped so; then `memoryFault`
   * gives the error.
   */
  bytesAt(index: number, length: number, write: boolean): Uint8Array | undefined {
    const high = this.high[index]!;
    const offset = this.memory.locate(high, this.low[index]!, length, write);
    return offset === UNMAPPED ? undefined : this.memory.bytes[high]!.subarray(offset, offset + length);
  }

  /** The error of `bytesAt` that answered undefined; the length comes from a register or is a constant. */
  memoryFault(index: number, length: bigint, write: boolean): TbpfNativeError {
    return this.memory.violation(write, this.low[index]!, this.high[index]!, length);
  }
}

/** A machine ready to run, or the error of a memory map that cannot be built (spec §3.3, unaligned mapping). */
export function createMachine(options: MachineOptions): Machine | TbpfNativeError {
  const { config, readOnly, version } = options.program.executable;
  const end = readOnly.address + BigInt(readOnly.bytes.length);
  if (!config.alignedMemoryMapping && version !== 4 && end > addressMap.stack) {
    return nativeError('run', 'InvalidMemoryRegion', 1);
  }
  return new Machine(options);
}

/** The slot number of read-only data, for callers that map `Program` bytes themselves. */
export { programSlot };

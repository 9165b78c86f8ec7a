import type { RunObserver } from '@switchyard/core';
import { highOf, joinU64, lowOf } from '../interpreter/arithmetic64.ts';
import { GasMeter } from '../interpreter/gas-meter.ts';
import { framePointer, type Machine } from '../interpreter/machine.ts';
import type { Program } from '../interpreter/program.ts';
import { heapSlot, inputSlot, programSlot, stackSlot, UNMAPPED } from '../memory/address-space.ts';
import { nativeError, type TbpfNativeError } from '../native-error.ts';
import { beginningOf, endOf, wantsSyscalls } from '../tracing/observed-syscall.ts';
import { writeInputLength } from './fill-cells.ts';
import { InterpreterCell } from './interpreter-cells.ts';
import { Cell, STACK_PAGE_BYTES, Status } from './layout.ts';
import type { LoadedProgram, Slot } from './slot.ts';

const TWO_32 = 0x1_0000_0000;

/** Most units drawn from the meter at once. */
const SLICE = Number.MAX_SAFE_INTEGER;

const METER = Cell.meter >> 2;
const SYSCALL_UNITS = InterpreterCell.syscallUnits >> 2;
const PC = Cell.pc >> 2;
const DEPTH = Cell.depth >> 2;
const FRAME_POINTER = (Cell.registers >> 2) + framePointer * 2;

/** Thrown out of WebAssembly when compiled code's run has ended in tier 0; one object, so that no stack is captured. */
const UNWOUND = Object.freeze({ unwound: true });

/** Native errors of the statuses that have no payload. */
const ERROR_NAMES: Readonly<Partial<Record<Status, string>>> = {
  [Status.OutOfMeter]: 'ExceededMaxInstructions',
  [Status.DivideByZero]: 'DivideByZero',
  [Status.DivideOverflow]: 'DivideOverflow',
  [Status.CallDepthExceeded]: 'CallDepthExceeded',
  [Status.CallOutsideTextSegment]: 'CallOutsideTextSegment',
  [Status.UnsupportedInstruction]: 'UnsupportedInstruction',
  [Status.ExecutionOverrun]: 'ExecutionOverrun',
};

/** What the host gives to a run on a slot. */
export interface SlotRun {
  readonly entryPc: number;
  readonly gasLimit: bigint;
  /** Copied to 0x4_0000_0000. */
  readonly input: Uint8Array;
  readonly host: unknown;
  /** True when memory syscalls may not be done inside WebAssembly, because somebody listens to them. */
  readonly hostSyscallsOnly?: boolean;
  /** Is told of syscalls; these tiers have no steps to tell of. */
  readonly observer?: RunObserver | undefined;
}

/**
 * A run in linear memory, on tier 0 or in compiled code. There is one for each slot, used for one run after the other: `begin`, then
 * `interpret` or `runCompiled`, then results are read, then the pool takes the slot back.
 *
 * The units of gas that WebAssembly may use lie in Cell.meter; the host draws them from the meter as a slice and gives back what is
 * left, around each syscall too, since its body has to see the meter as it is after the call instruction (spec §5.3).
 */
export class SlotMachine implements Machine {
  readonly meter = new GasMeter(0n);
  host: unknown;
  fault: TbpfNativeError | undefined;
  instructions = 0;
  readonly #slot: Slot;
  #loaded: LoadedProgram | undefined;
  /** The slot's words; its memory does not grow during a run. */
  #words: Int32Array;
  #entryPc = 0;
  #inputLength = 0;
  #metered = true;
  /** Only one that wants to be told of syscalls. */
  #observer: RunObserver | undefined;
  #slice = SLICE;
  /** Units of the present slice. */
  #drawn = 0;

  constructor(slot: Slot) {
    this.#slot = slot;
    this.#words = slot.words;
  }

  get program(): Program {
    return this.#now.program;
  }

  get pc(): number {
    return this.#words[PC]!;
  }

  get depth(): number {
    return this.#words[DEPTH]!;
  }

  get finalPc(): number {
    return this.fault === undefined || this.fault.name === 'SyscallError' ? this.#entryPc : this.pc;
  }

  /** Times that compiled code left a frame to tier 0. */
  get coldExits(): number {
    return this.#words[Cell.coldExits >> 2]!;
  }

  /** For tests: units drawn at once. */
  set sliceUnits(units: number) {
    this.#slice = units;
  }

  /** Sets a run up on the slot, which is clean, has its program loaded, and room for the input. */
  begin({ entryPc, gasLimit, input, host, hostSyscallsOnly = false, observer }: SlotRun): void {
    const slot = this.#slot;
    const loaded = slot.loaded!;
    const { layout, program, space } = loaded;
    const { config } = program.executable;
    slot.bytes.set(input, layout.input);
    const { words } = slot;
    this.#loaded = loaded;
    this.#words = words;
    this.#entryPc = entryPc;
    this.#metered = config.enableInstructionMeter;
    this.meter.restart(gasLimit);
    this.host = host;
    this.#observer = observer !== undefined && wantsSyscalls(observer) ? observer : undefined;
    this.fault = undefined;
    this.instructions = 0;
    this.#drawn = 0;
    this.#inputLength = input.length;
    writeInputLength(words, input.length);
    space.inputLength = input.length;
    words[Cell.inputLength >> 2] = input.length;
    words[PC] = entryPc;
    words[FRAME_POINTER] = program.features.dynamicFrames ? layout.stackBytes : config.stackFrameSize;
    words[FRAME_POINTER + 1] = stackSlot;
    // Without metering the slice is no budget, so what memory syscalls charge must go to the meter.
    const isHostAsked = hostSyscallsOnly || this.#observer !== undefined || !this.#metered;
    words[Cell.hostSyscallsOnly >> 2] = isHostAsked ? 1 : 0;
    words[SYSCALL_UNITS] = 0;
    words[SYSCALL_UNITS + 1] = 0;
  }

  /** Lets go of the run's host: a slot may wait for long. */
  forget(): void {
    this.host = undefined;
    this.#observer = undefined;
    this.fault = undefined;
  }

  /** Runs on tier 0 to the end. */
  interpret(): void {
    this.#openSlice();
    this.#end(this.#slot.interpreter.run(0));
  }

  /** Runs a compiled program's function for the entry at which the run begins to the end. */
  runCompiled(entry: () => void): void {
    this.#openSlice();
    let status: Status = Status.Done;
    try {
      entry();
    } catch (thrown) {
      if (thrown !== UNWOUND) throw thrown;
      status = this.#words[Cell.status >> 2]!;
    }
    this.#end(status);
  }

  register(index: number): bigint {
    return joinU64(this.#words[index * 2]!, this.#words[index * 2 + 1]!);
  }

  setRegister(index: number, value: bigint): void {
    this.#words[index * 2] = lowOf(value);
    this.#words[index * 2 + 1] = highOf(value);
  }

  registerNumber(index: number): number {
    return (this.#words[index * 2 + 1]! >>> 0) * TWO_32 + (this.#words[index * 2]! >>> 0);
  }

  setRegisterNumber(index: number, value: number): void {
    this.#words[index * 2] = value;
    this.#words[index * 2 + 1] = value / TWO_32;
  }

  lowWord(index: number): number {
    return this.#words[index * 2]!;
  }

  highWord(index: number): number {
    return this.#words[index * 2 + 1]!;
  }

  bytesAt(index: number, length: number, write: boolean): Uint8Array | undefined {
    return this.bytesAtAddress(this.#words[index * 2]!, this.#words[index * 2 + 1]!, length, write);
  }

  memoryFault(index: number, length: bigint, write: boolean): TbpfNativeError {
    return this.addressFault(this.#words[index * 2]!, this.#words[index * 2 + 1]!, length, write);
  }

  bytesAtAddress(low: number, high: number, length: number, write: boolean): Uint8Array | undefined {
    const { space, layout } = this.#now;
    const offset = space.locate(high, low, length, write);
    if (offset === UNMAPPED) return undefined;
    if (write) this.#markWritten(high, offset, length);
    const at = regionStart(layout, high) + offset;
    return this.#slot.bytes.subarray(at, at + length);
  }

  addressFault(low: number, high: number, length: bigint, write: boolean): TbpfNativeError {
    return this.#now.space.violation(write, low, high, length);
  }

  regionBytes(slot: number): Uint8Array {
    const { layout } = this.#now;
    const at = regionStart(layout, slot);
    const length = [0, layout.readOnlyBytes, layout.stackBytes, layout.heapBytes, this.#inputLength][slot]!;
    return this.#slot.bytes.subarray(at, at + length);
  }

  /** The import `syscall`: runs the body. @returns 0 to go on. */
  runSyscall(index: number): number {
    this.#closeSlice();
    const syscall = this.#now.program.syscalls[index]!;
    const observer = this.#observer;
    if (observer !== undefined) observer.onSyscall?.(beginningOf(this, syscall, this.meter.exactUsed));
    const error = syscall.run(this);
    if (error !== undefined) this.fault = nativeError('run', 'SyscallError', { raw: error.detail });
    if (observer !== undefined) observer.onSyscallEnd?.(endOf(this, syscall));
    if (error !== undefined) return 1;
    this.#openSlice();
    return 0;
  }

  /** The import `refill`: draws the next slice, when all of the last one is used. @returns 0 when nothing is left. */
  refill(): number {
    this.#closeSlice();
    this.#openSlice();
    return this.#drawn > 0 ? 1 : 0;
  }

  /** The import `unwind`: takes compiled code's run to its end. */
  unwind(): never {
    throw UNWOUND;
  }

  get #now(): LoadedProgram {
    return this.#loaded!;
  }

  /** Moves units from the meter to the cell. */
  #openSlice(): void {
    const drawn = this.#metered ? this.meter.draw(this.#slice) : this.#slice;
    this.#drawn = drawn;
    this.#words[METER] = drawn;
    this.#words[METER + 1] = drawn / TWO_32;
  }

  /** Gives back what is left of the slice and counts what was used. */
  #closeSlice(): void {
    const words = this.#words;
    const left = wordsNumber(words, METER);
    const charged = wordsNumber(words, SYSCALL_UNITS);
    if (charged !== 0) {
      words[SYSCALL_UNITS] = 0;
      words[SYSCALL_UNITS + 1] = 0;
    }
    this.instructions += this.#drawn - left - charged;
    if (this.#metered) this.meter.giveBack(left);
    this.#drawn = 0;
    words[METER] = 0;
    words[METER + 1] = 0;
  }

  #end(status: Status): void {
    this.#closeSlice();
    if (status !== Status.Done && status !== Status.SyscallFault) this.fault = this.#faultOf(status);
  }

  #faultOf(status: Status): TbpfNativeError {
    if (status !== Status.AccessViolation) return nativeError('run', ERROR_NAMES[status]!);
    const words = this.#words;
    const at = Cell.faultAddress >> 2;
    const isWrite = words[Cell.faultIsWrite >> 2] !== 0;
    return this.addressFault(words[at]!, words[at + 1]!, BigInt(words[Cell.faultSize >> 2]!), isWrite);
  }

  /** Marks what a syscall is about to write. */
  #markWritten(region: number, offset: number, length: number): void {
    if (region === heapSlot) {
      this.#words[Cell.heapDirty >> 2] = 1;
    } else if (region === stackSlot && length > 0) {
      const { dirtyPages } = this.#now.layout;
      const first = dirtyPages + Math.floor(offset / STACK_PAGE_BYTES);
      const last = dirtyPages + Math.floor((offset + length - 1) / STACK_PAGE_BYTES);
      this.#slot.bytes.fill(1, first, last + 1);
    }
  }
}

/** Offset of a region in linear memory. */
function regionStart(layout: LoadedProgram['layout'], slot: number): number {
  switch (slot) {
    case programSlot:
      return layout.readOnly;
    case stackSlot:
      return layout.stack;
    case heapSlot:
      return layout.heap;
    case inputSlot:
      return layout.input;
    default:
      return 0;
  }
}

/** An unsigned 64-bit cell below 2^53. */
function wordsNumber(words: Int32Array, word: number): number {
  return (words[word + 1]! >>> 0) * TWO_32 + (words[word]! >>> 0);
}

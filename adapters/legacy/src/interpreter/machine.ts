import type { Program } from '../module/program.ts';
import type { NativeTable } from '../natives/native.ts';
import { Box, resolve, type WorkMeter } from '../values/box.ts';
import { BOX_WORK, copyInto, makeOwned, moveInto } from '../values/copy.ts';
import { isPrimitive, Kind } from '../values/kind.ts';
import { measure, primitiveSize } from '../values/measure.ts';
import type { CellIterator } from './cell-iterator.ts';
import { GasCounter } from './gas-counter.ts';
import type { MachineConfig } from './machine-config.ts';
import { MAX_FRAMES, STACK_SLOTS } from './machine-limits.ts';
import { environmentTrap, machineTrap, Trap, type TrapReport, valueTrap } from './trap.ts';

/** Boxes that a machine keeps between runs. */
const KEPT_BOXES = 4096;
/** Work that every run may do for nothing, and per unit of gas beyond (see `spend`), in bytes. */
const FREE_WORK = 268_435_456;
const WORK_PER_GAS = 256;

/** What a run is made of. */
export interface RunSettings {
  readonly program: Program;
  readonly natives: NativeTable;
  readonly config: MachineConfig;
  readonly gasLimit: bigint;
  /** What chain natives work on; undefined when the machine runs bare. */
  readonly host: unknown;
}

/**
 * State of one run: operand stack, frames, registers, counters. Reused for later runs, because making 256 slots costs more than a small
 * call. Registers of all live frames stand one after another in `registers`; only the topmost frame appends.
 */
export class Machine implements WorkMeter {
  program!: Program;
  natives!: NativeTable;
  config!: MachineConfig;
  host: unknown;

  /** Position of the next instruction in the program. */
  pc = 0;
  /** Chunk of the current frame. */
  chunk = 0;
  readonly stack: Box[] = Array.from({ length: STACK_SLOTS + 8 }, () => new Box());
  sp = 0;
  readonly registers: Box[] = Array.from({ length: 64 }, () => new Box());
  /** First register of the current frame, and the one behind its last. */
  base = 0;
  top = 0;
  /** Stack length at which the current frame was entered. */
  checkpoint = 0;
  /** Lowest slot to which this frame may have written a pointer below its checkpoint. */
  low = STACK_SLOTS;
  readonly iterators: CellIterator[] = [];
  iteratorBase = 0;
  iteratorTop = 0;

  /** Live frames; the arrays hold what the frames below the current one go back to. */
  frames = 0;
  readonly savedPc = new Int32Array(MAX_FRAMES);
  readonly savedChunk = new Int32Array(MAX_FRAMES);
  readonly savedBase = new Int32Array(MAX_FRAMES);
  readonly savedCheckpoint = new Int32Array(MAX_FRAMES);
  readonly savedLow = new Int32Array(MAX_FRAMES);
  readonly savedIteratorBase = new Int32Array(MAX_FRAMES);

  readonly gas = new GasCounter();
  /** Bytes of memory ever charged. */
  memory = 0;
  steps = 0;
  /** A native's result, until it is pushed. */
  readonly result = new Box();
  inNative = false;
  /** Id of the native that was called last; the one that runs while `inNative`. */
  nativeId = 0;
  /** What a native printed. */
  readonly printed: string[] = [];
  /** Times that the reference would have used stale memory (spec §13), by rule U1–U5. */
  readonly undefinedUses = new Int32Array(6);
  report: TrapReport | undefined;
  #work = 0;
  #workAllowed = FREE_WORK;

  /** Makes the machine ready for a run. */
  reset({ program, natives, config, gasLimit, host }: RunSettings): void {
    this.program = program;
    this.natives = natives;
    this.config = config;
    this.host = host;
    this.sp = 0;
    this.base = 0;
    this.top = 0;
    this.low = STACK_SLOTS;
    this.checkpoint = 0;
    this.frames = 0;
    this.iteratorBase = 0;
    this.iteratorTop = 0;
    this.gas.reset(gasLimit);
    this.memory = 0;
    this.steps = 0;
    this.inNative = false;
    if (this.printed.length > 0) this.printed.length = 0;
    if (this.hasUndefinedUses) this.undefinedUses.fill(0);
    this.report = undefined;
    this.#work = 0;
    this.#workAllowed = FREE_WORK;
  }

  /** Lets go of what the run held, so that an idle machine keeps no contract's data alive. */
  release(): void {
    this.host = undefined;
    if (this.registers.length > KEPT_BOXES) this.registers.length = KEPT_BOXES;
    if (this.stack.length > 2 * STACK_SLOTS) this.stack.length = 2 * STACK_SLOTS;
    if (this.iterators.length > KEPT_BOXES) this.iterators.length = KEPT_BOXES;
  }

  /** True when the reference would have used stale memory. */
  get hasUndefinedUses(): boolean {
    const { undefinedUses } = this;
    for (let rule = 1; rule < undefinedUses.length; rule++) if (undefinedUses[rule] !== 0) return true;
    return false;
  }

  /** Removes the top slot. It stays readable until the next push. */
  pop(): Box {
    if (this.sp === 0) throw machineTrap('EmptyStack');
    return this.stack[--this.sp]!;
  }

  /** The slot for a checked push, which is then done. */
  push(): Box {
    if (this.sp >= STACK_SLOTS) throw machineTrap('StackOverflow');
    return this.stack[this.sp++]!;
  }

  /** The slot for a push that cannot overflow, or may. */
  pushUnchecked(): Box {
    if (this.sp === this.stack.length) this.stack.push(new Box());
    return this.stack[this.sp++]!;
  }

  /** The top slot, which stays. */
  peek(): Box {
    if (this.sp === 0) throw machineTrap('EmptyStack');
    return this.stack[this.sp - 1]!;
  }

  /** A register of the current frame, or undefined. */
  registerAt(index: number): Box | undefined {
    return index < this.top - this.base ? this.registers[this.base + index] : undefined;
  }

  /** A new last register of the current frame. */
  appendRegister(): Box {
    if (this.top === this.registers.length) this.registers.push(new Box());
    return this.registers[this.top++]!;
  }

  /** Bytes of memory that may still be charged. */
  get memoryLeft(): number {
    const left = this.config.memoryLimit - this.memory;
    return left > 0 ? left : 0;
  }

  /** Charged memory of a cell, which may not pass what is left. */
  measure(cell: Box): number {
    if (isPrimitive(cell.kind)) return primitiveSize(cell);
    return measure(cell, this.memoryLeft, memoryExceeded);
  }

  /** Charges the memory of a cell and its gas (spec §5, `+m`). */
  chargeMemoryOf(cell: Box): void {
    this.chargeMemory(this.measure(cell));
  }

  /** Charges measured memory; the counter may pass the limit. */
  chargeMemory(bytes: number): void {
    this.memory += bytes;
    this.gas.chargeBytes(bytes, this.config.memoryPrice);
  }

  /** Charges memory in the checked form that two opcodes use. */
  chargeMemoryChecked(bytes: number): void {
    this.memory += bytes;
    if (this.memory > this.config.memoryLimit) throw environmentTrap('OutOfMemory');
    this.gas.chargeBytes(bytes, this.config.memoryPrice);
  }

  /**
   * Counts copied and created bytes. The specification lets a few gas copy a value of any size, so time and memory would not be bounded
   * by gas; beyond 256 MiB and 256 bytes per gas the run is stopped. Deterministic: the same on every machine.
   */
  spend(bytes: number): void {
    this.#work += bytes;
    if (this.#work > this.#workAllowed) this.#checkWork();
  }

  /** As `spend` where the work is surely allowed; else false, and nothing is counted. */
  trySpend(bytes: number): boolean {
    if (this.#work + bytes > this.#workAllowed) return false;
    this.#work += bytes;
    return true;
  }

  #checkWork(): void {
    const used = this.gas.used;
    this.#workAllowed = FREE_WORK + WORK_PER_GAS * Number(used > 1n << 40n ? 1n << 40n : used);
    if (this.#work > this.#workAllowed) throw new Trap('limit', 'machine', 'HostLimit', '(work)');
  }

  /** Writes an owned copy of what a slot stands for, or moves it. */
  take(target: Box, slot: Box): void {
    if (slot.kind === Kind.Pointer) copyInto(target, slot.ref as Box, this);
    else moveInto(target, slot);
  }

  /** The value of a slot in a new box. */
  takeBox(slot: Box): Box {
    this.spend(BOX_WORK);
    const box = new Box();
    this.take(box, slot);
    return box;
  }

  /** Pushes a copy of an argument for an entry. @throws Trap. */
  pushArgument(cell: Box): void {
    const slot = this.push();
    copyInto(slot, resolve(cell), this);
  }

  /** Makes slots from `from` to the top owned. */
  ownFrom(from: number): void {
    for (let i = from; i < this.sp; i++) makeOwned(this.stack[i]!, this);
  }
}

function memoryExceeded(used: number, limit: number): never {
  throw valueTrap('MaxMemoryReached', `(${used}, ${limit})`);
}

import type { Program } from '../interpreter/program.ts';

/**
 * Offsets of the cells at the start of a slot's linear memory. Tier 0, tier 1 and the host meet here: whoever hands control over has
 * written its part first. All little-endian.
 */
export const Cell = {
  /** r0–r10, u64 each. Dead registers may hold anything while compiled code runs. */
  registers: 0x00,
  /** Units left of the slice that the host drew from the meter: i64, never negative. */
  meter: 0x60,
  /** i32, slot number. In: where to go on. Out: the instruction that ended the run, or of the syscall that is running. */
  pc: 0x68,
  /** i32, calls entered and not returned from. */
  depth: 0x6c,
  /** i32, a `Status`. */
  status: 0x70,
  /** i32: 1 after a store, 0 after a load, of the access that faulted. */
  faultIsWrite: 0x74,
  /** i64: address of the access that faulted. */
  faultAddress: 0x78,
  /** i32: bytes of the access that faulted. */
  faultSize: 0x80,
  /** i32: bytes of this run's input. */
  inputLength: 0x84,
  /** i32: times that compiled code handed a frame to tier 0 in this run. */
  coldExits: 0x88,
  /** i32: 1 once anything may have been written to the heap. */
  heapDirty: 0x8c,
  /** i32: 1 when memory syscalls must go through the host, because somebody listens to them. */
  hostSyscallsOnly: 0x90,
  /** Tier 0's own: 0xa0 to 0x1ff. */
  interpreter: 0xa0,
} as const;

/** Bytes of the cells. */
export const CELL_BYTES = 0x200;

/** How a run of tier 0 ended. */
export const enum Status {
  /** The frame that it was asked to finish has exited. */
  Done = 0,
  OutOfMeter,
  DivideByZero,
  DivideOverflow,
  /** The fault cells say which access. */
  AccessViolation,
  CallDepthExceeded,
  CallOutsideTextSegment,
  UnsupportedInstruction,
  ExecutionOverrun,
  /** A syscall refused; the host has its error. */
  SyscallFault,
}

/** Bytes of a saved frame: r6–r10 as u64, then the slot to return to (i32) and 4 unused. */
export const FRAME_BYTES = 48;

/** The stack is cleaned by pages of this size: one dirty byte each, set by whoever stores there. */
export const STACK_PAGE_BYTES = 4096;

/** Bytes of one predecoded instruction of tier 0. */
export const INSTRUCTION_BYTES = 16;

/** Where everything lies in the linear memory of a slot that has this program loaded; byte offsets. */
export interface SlotLayout {
  readonly frames: number;
  /** One byte for each page of the stack. */
  readonly dirtyPages: number;
  /** Frames without gaps, as the reference keeps them (spec §3.4). */
  readonly stack: number;
  readonly stackBytes: number;
  readonly heap: number;
  readonly heapBytes: number;
  /** The read-only region's bytes. */
  readonly readOnly: number;
  readonly readOnlyBytes: number;
  /** Predecoded code, `program.length + 1` instructions. */
  readonly code: number;
  /** Last, since its length differs from run to run. */
  readonly input: number;
}

/** The layout for a program. The same for equal programs and heap sizes, so compiled code holds it as constants. */
export function layoutOf(program: Program, heapBytes: number): SlotLayout {
  const { config, readOnly } = program.executable;
  const stackBytes = config.stackFrameSize * config.maxCallDepth;
  const frames = CELL_BYTES;
  const dirtyPages = align(frames + config.maxCallDepth * FRAME_BYTES);
  // One byte more: a store may be marked together with the page behind it.
  const stack = align(dirtyPages + Math.ceil(stackBytes / STACK_PAGE_BYTES) + 1, STACK_PAGE_BYTES);
  const heap = align(stack + stackBytes);
  const readOnlyAt = align(heap + heapBytes);
  const code = align(readOnlyAt + readOnly.bytes.length);
  const input = align(code + (program.length + 1) * INSTRUCTION_BYTES);
  return {
    frames,
    dirtyPages,
    stack,
    stackBytes,
    heap,
    heapBytes,
    readOnly: readOnlyAt,
    readOnlyBytes: readOnly.bytes.length,
    code,
    input,
  };
}

function align(offset: number, to = 64): number {
  return Math.ceil(offset / to) * to;
}

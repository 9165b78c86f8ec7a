import type { Program } from '../interpreter/program.ts';
import { isFunctionStart } from '../isa/instruction.ts';
import { Op } from '../isa/op.ts';
import { layoutOf, type SlotLayout } from '../linear/layout.ts';
import { memorySyscallIndex } from '../wasm-interpreter/memory-syscall-names.ts';

/** All that the compiler needs of a program: plain data, so that it can be sent to a worker. */
export interface CompilerInput {
  /** `Program.code`: four words a slot and one more slot. */
  readonly code: Int32Array;
  /** `Program.immediates`. */
  readonly immediates: Int32Array;
  /** Slots of the text. */
  readonly length: number;
  /** V1 and later: the program moves r10 itself. */
  readonly dynamicFrames: boolean;
  /** V3 and later: `callx` reaches function start markers only. */
  readonly markedFunctions: boolean;
  /** Bytes of a frame. */
  readonly frameSize: number;
  readonly maxCallDepth: number;
  /** V0: an unmapped gap after every frame. */
  readonly gapped: boolean;
  /** False: nothing is counted, and nothing ends an endless loop. */
  readonly metered: boolean;
  readonly layout: SlotLayout;
  /** Low half of the read-only region's address; the region lies in slot 1. */
  readonly readOnlyAddress: number;
  /** Address of the first text byte in unsigned halves. */
  readonly textLow: number;
  readonly textHigh: number;
  /** Registers r1 to r<n> that the syscall of this index reads. */
  readonly syscallArity: Uint8Array;
  /** By index of a syscall: which of `memorySyscalls` it is, −1 for others. */
  readonly memorySyscall: Int8Array;
  /** Slots at which the host may start a run. */
  readonly entries: Int32Array;
  /** Slots at which a `callx` probably arrives; others are run by tier 0. Ascending. */
  readonly callxTargets: Int32Array;
  /** By slot: the regions (1 << region) that tier 0 saw its memory access touch. Empty: never profiled. */
  readonly profile: Uint8Array;
}

const NOT_PROFILED = new Uint8Array(0);

/** Most places that `callx` may reach in compiled code; the rest is run by tier 0. */
const MAX_CALLX_TARGETS = 4096;

/** The compiler's view of a program that runs with so many bytes of heap. */
export function compilerInputOf(
  program: Program,
  heapBytes: number,
  entries: Iterable<number>,
  profile: Uint8Array = NOT_PROFILED,
): CompilerInput {
  const { executable, features } = program;
  const { config, readOnly } = executable;
  const starts = Int32Array.from(new Set(entries)).filter((pc) => pc >= 0 && pc < program.length);
  return {
    code: program.code,
    immediates: program.immediates,
    length: program.length,
    dynamicFrames: features.dynamicFrames,
    markedFunctions: features.stricterVerification,
    frameSize: config.stackFrameSize,
    maxCallDepth: config.maxCallDepth,
    gapped: !features.dynamicFrames && config.enableStackFrameGaps,
    metered: config.enableInstructionMeter,
    layout: layoutOf(program, heapBytes),
    readOnlyAddress: Number(readOnly.address & 0xffff_ffffn),
    textLow: program.textLow,
    textHigh: program.textHigh,
    syscallArity: Uint8Array.from(program.syscalls, ({ registers }) => registers ?? 5),
    memorySyscall: Int8Array.from(program.syscalls, (syscall) => memorySyscallIndex(syscall) ?? -1),
    entries: starts.sort(),
    callxTargets: callxTargetsOf(program),
    profile,
  };
}

/** Registered functions, and every slot whose address stands in the code or the read-only data. */
function callxTargetsOf(program: Program): Int32Array {
  const { code, length, executable, features } = program;
  let usesCallx = false;
  for (let pc = 0; pc < length && !usesCallx; pc++) usesCallx = code[pc * 4] === Op.Callx;
  if (!usesCallx) return new Int32Array(0);
  const targets = new Set<number>();
  const add = (pc: number): void => {
    if (pc < 0 || pc >= length || targets.size >= MAX_CALLX_TARGETS) return;
    if (!features.stricterVerification || isFunctionStart(executable.text, pc)) targets.add(pc);
  };
  for (const [, { pc }] of executable.functions.entries()) add(pc);
  const base = executable.textAddress;
  const addAddress = (low: number, high: number): void => {
    const offset = BigInt.asUintN(64, (BigInt(high >>> 0) << 32n) + BigInt(low >>> 0) - base);
    if (offset < BigInt(length * 8)) add(Number(offset >> 3n));
  };
  for (let pc = 0; pc < length; pc++) {
    if (code[pc * 4] === Op.Lddw) addAddress(code[pc * 4 + 3]!, code[pc * 4 + 2]!);
  }
  const { bytes } = executable.readOnly;
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textHigh = program.textHigh;
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    // A text of at most 16 MiB lies in one or two values of the upper half.
    const high = words.getUint32(at + 4, true);
    if (high === textHigh || high === textHigh + 1) addAddress(words.getUint32(at, true), high);
  }
  return Int32Array.from(targets).sort();
}

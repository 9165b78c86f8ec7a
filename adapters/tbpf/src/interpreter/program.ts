import { dstAt, immAt, isFunctionStart, offAt, opcodeAt, srcAt } from '../isa/instruction.ts';
import { Op } from '../isa/op.ts';
import { opcodeTable } from '../isa/opcodes.ts';
import { featuresOf, type VersionFeatures } from '../isa/version.ts';
import type { Executable } from '../loader/executable.ts';
import type { Syscall, SyscallTable } from '../syscalls/syscall.ts';
import { Step } from './step.ts';

/** Words of one predecoded slot: step, dst, src, operand. The operand is imm, off or an absolute target; see `Program.code`. */
export const wordsPerSlot = 4;

/** A loaded and verified program, decoded once into flat words. */
export interface Program {
  readonly executable: Executable;
  readonly features: VersionFeatures;
  /** Slots of the text (n). */
  readonly length: number;
  /**
   * Four words a slot, and one more slot that stops control from falling off the end:
   * 0 step (`Op` or `Step`); 1 dst; 2 src, or for a memory access with an immediate nothing; 3 operand: imm of ALU, pc of a jump's
   * target, off of a memory access, pc or index of a call. Instructions with both imm and off keep imm in `immediates`.
   */
  readonly code: Int32Array;
  /** imm of slot pc, for conditional jumps and stores with an immediate. */
  readonly immediates: Int32Array;
  readonly syscalls: readonly Syscall[];
  /** Address of the first text byte in halves, unsigned: `callx` subtracts it. */
  readonly textLow: number;
  readonly textHigh: number;
}

/** Decodes the text of a verified executable. O(text). */
export function predecode(executable: Executable, syscalls: SyscallTable): Program {
  const { text, version } = executable;
  const features = featuresOf(version);
  const table = opcodeTable(version);
  const length = Math.floor(text.length / 8);
  const code = new Int32Array((length + 1) * wordsPerSlot);
  const immediates = new Int32Array(length + 1);
  for (let pc = 0; pc < length; pc++) {
    const row = table[opcodeAt(text, pc)];
    const at = pc * wordsPerSlot;
    const imm = immAt(text, pc);
    immediates[pc] = imm;
    code[at + 1] = dstAt(text, pc);
    code[at + 2] = srcAt(text, pc);
    code[at + 3] = imm;
    if (row === undefined) {
      code[at] = Op.Unknown;
      continue;
    }
    code[at] = stepOf(row.op, features);
    switch (row.form) {
      case 'load':
      case 'store-imm':
      case 'store-reg':
        code[at + 3] = offAt(text, pc);
        break;
      case 'ja':
      case 'jump-imm':
      case 'jump-reg':
        code[at + 3] = clampTarget(pc + 1 + offAt(text, pc), length);
        break;
      case 'lddw':
        // The verifier has seen the second slot; its imm is the upper half.
        code[at + 2] = pc + 1 < length ? immAt(text, pc + 1) : 0;
        break;
      case 'callx':
        code[at + 2] = features.callxInSource ? srcAt(text, pc) : imm & 15;
        break;
      case 'call':
        decodeCall(executable, syscalls, pc, code, features, length);
        break;
    }
  }
  code[length * wordsPerSlot] = Step.Overrun;
  return {
    executable,
    features,
    length,
    code,
    immediates,
    syscalls: syscalls.list,
    textLow: Number(executable.textAddress & 0xffff_ffffn),
    textHigh: Number(executable.textAddress >> 32n),
  };
}

function stepOf(op: Op, features: VersionFeatures): number {
  if (features.explicitSignExtension) {
    if (op === Op.Add32Imm) return Step.Add32ImmZero;
    if (op === Op.Add32Reg) return Step.Add32RegZero;
    if (op === Op.Sub32Reg) return Step.Sub32RegZero;
    if (op === Op.Mul32Imm) return Step.Mul32ImmZero;
    if (op === Op.Mul32Reg) return Step.Mul32RegZero;
    if (op === Op.Mov32Reg) return Step.Mov32RegSigned;
    if (op === Op.Sub32Imm) return features.swappedSubImmediate ? Step.Sub32ImmSwapped : Step.Sub32ImmZero;
  }
  if (features.swappedSubImmediate && op === Op.Sub64Imm) return Step.Sub64ImmSwapped;
  return op;
}

/** Resolves a call once (spec §6.2): syscalls before functions in V0–V2; by the src field in V3 and later. */
function decodeCall(
  executable: Executable,
  syscalls: SyscallTable,
  pc: number,
  code: Int32Array,
  features: VersionFeatures,
  length: number,
): void {
  const at = pc * wordsPerSlot;
  const imm = code[at + 3]!;
  const isRelative = features.staticSyscalls && code[at + 2] === 1;
  let target: number | undefined;
  if (isRelative) {
    target = (pc + 1 + imm) >>> 0;
  } else {
    const index = syscalls.indexOf(imm >>> 0);
    if (index !== undefined) {
      code[at] = Step.CallSyscall;
      code[at + 3] = index;
      return;
    }
    const key = features.staticSyscalls ? (pc + 1 + imm) >>> 0 : imm >>> 0;
    target = executable.functions.get(key)?.pc;
  }
  if (target === undefined) {
    code[at] = Op.Unknown;
  } else if (target >= length) {
    code[at] = Step.CallOutside;
  } else {
    code[at] = Step.CallFunction;
    code[at + 3] = target;
  }
}

/** Verified jumps stay inside; anything else would end at the sentinel slot, never outside the array. */
function clampTarget(target: number, length: number): number {
  return target < 0 || target > length ? length : target;
}

/** True when a `callx` may go to this slot (spec §6.3). */
export function isCallxTarget(program: Program, pc: number): boolean {
  return !program.features.stricterVerification || isFunctionStart(program.executable.text, pc);
}

import { dstAt, immAt, isFunctionStart, offAt, opcodeAt, srcAt } from '../isa/instruction.ts';
import type { OperandCheck } from '../isa/opcodes.ts';
import type { VersionFeatures } from '../isa/version.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import { type NativePayload, nativeError, type TbpfNativeError } from '../native-error.ts';

/** What the operand checks of one program share. */
export interface VerifierContext {
  readonly text: Uint8Array;
  readonly slotCount: number;
  readonly features: VersionFeatures;
  readonly syscalls: SyscallKeys;
  /** Range of slots that jumps of the current function may reach; the end is exclusive. */
  functionStart: number;
  functionEnd: number;
}

/** Builds a verifier error. */
export function verifyError(name: string, ...payload: NativePayload[]): TbpfNativeError {
  return nativeError('verify', name, ...payload);
}

type Check = (context: VerifierContext, pc: number) => TbpfNativeError | undefined;

/** The operand check of each kind, for the instruction at `pc` (spec §7.2). */
export const operandChecks: Readonly<Record<OperandCheck, Check>> = {
  none: () => undefined,
  'nonzero-imm': ({ text }, pc) => (immAt(text, pc) === 0 ? verifyError('DivisionByZero', pc) : undefined),
  shift32: (context, pc) => checkShift(context, pc, 32),
  shift64: (context, pc) => checkShift(context, pc, 64),
  'endian-width': checkEndianWidth,
  'frame-pointer': checkFramePointer,
  lddw: checkLddw,
  jump: checkJump,
  call: checkCall,
  callx: checkCallx,
};

function checkShift({ text }: VerifierContext, pc: number, width: number): TbpfNativeError | undefined {
  const imm = immAt(text, pc);
  if (imm >= 0 && imm < width) return undefined;
  return verifyError('ShiftWithOverflow', asUnsigned(imm), width, pc);
}

function checkEndianWidth({ text }: VerifierContext, pc: number): TbpfNativeError | undefined {
  const width = immAt(text, pc);
  if (width === 16 || width === 32 || width === 64) return undefined;
  return verifyError('UnsupportedLEBEArgument', pc);
}

function checkFramePointer({ text, features }: VerifierContext, pc: number): TbpfNativeError | undefined {
  if (!features.dynamicFrames || dstAt(text, pc) !== 10 || immAt(text, pc) % 64 === 0) return undefined;
  return verifyError('UnalignedImmediate', pc);
}

function checkLddw({ text, slotCount }: VerifierContext, pc: number): TbpfNativeError | undefined {
  if (pc + 1 >= slotCount) return verifyError('LDDWCannotBeLast');
  return opcodeAt(text, pc + 1) === 0 ? undefined : verifyError('IncompleteLDDW', pc);
}

function checkJump(context: VerifierContext, pc: number): TbpfNativeError | undefined {
  const target = pc + 1 + offAt(context.text, pc);
  if (target < 0 || target < context.functionStart || target >= context.functionEnd) {
    return verifyError('JumpOutOfCode', asUnsigned(target), pc);
  }
  // In V2 too, where opcode 0 is no part of any instruction (spec §11.4, fact 24).
  return opcodeAt(context.text, target) === 0 ? verifyError('JumpToMiddleOfLDDW', target, pc) : undefined;
}

function checkCall(context: VerifierContext, pc: number): TbpfNativeError | undefined {
  const { text, slotCount, features, syscalls } = context;
  if (!features.staticSyscalls) return undefined;
  const imm = immAt(text, pc);
  if (srcAt(text, pc) === 0) {
    return syscalls.has(imm >>> 0) ? undefined : verifyError('InvalidSyscall', imm >>> 0);
  }
  const target = (pc + 1 + imm) >>> 0;
  return target < slotCount && isFunctionStart(text, target)
    ? undefined
    : verifyError('InvalidFunction', target);
}

function checkCallx({ text, features }: VerifierContext, pc: number): TbpfNativeError | undefined {
  const register = features.callxInSource ? srcAt(text, pc) : immAt(text, pc);
  return register >= 0 && register <= 9 ? undefined : verifyError('InvalidRegister', pc);
}

/** A signed value as the unsigned 64-bit number the reference prints. */
function asUnsigned(value: number): number | bigint {
  return value >= 0 ? value : BigInt.asUintN(64, BigInt(value));
}

import { dstAt, isFunctionStart, opcodeAt, slotSize, srcAt } from '../isa/instruction.ts';
import { type OpcodeRow, opcodeTable } from '../isa/opcodes.ts';
import { featuresOf, type TbpfVersion } from '../isa/version.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { operandChecks, type VerifierContext, verifyError } from './operand-checks.ts';

/**
 * Verifies a program's text (spec §7). Returns the first error in the order the reference finds
 * them, or undefined when the program is accepted. Takes time linear in the text.
 */
export function verify(
  text: Uint8Array,
  version: TbpfVersion,
  syscalls: SyscallKeys,
): TbpfNativeError | undefined {
  if (text.length % slotSize !== 0) return verifyError('ProgramLengthNotMultiple');
  if (text.length === 0) return verifyError('NoProgram');
  const features = featuresOf(version);
  if (features.stricterVerification && !isFunctionStart(text, 0)) return verifyError('InvalidFunction', 0);

  const table = opcodeTable(version);
  const slotCount = text.length / slotSize;
  const context: VerifierContext = {
    text,
    slotCount,
    features,
    syscalls,
    functionStart: 0,
    functionEnd: slotCount,
  };
  let pc = 0;
  while (pc < slotCount) {
    if (features.stricterVerification && isFunctionStart(text, pc)) {
      const error = enterFunction(context, pc);
      if (error !== undefined) return error;
    }
    const row = table[opcodeAt(text, pc)];
    if (row === undefined || isForeignCall(context, row, pc)) {
      return verifyError('UnknownOpCode', opcodeAt(text, pc), pc);
    }
    const operandError = operandChecks[row.check](context, pc);
    if (operandError !== undefined) return operandError;
    // The reference has stepped onto the second slot of an lddw when it checks the registers.
    const reportedPc = row.form === 'lddw' ? pc + 1 : pc;
    const registerError = checkRegisters(context, row, pc, reportedPc);
    if (registerError !== undefined) return registerError;
    pc = reportedPc + 1;
  }
  return pc === slotCount ? undefined : verifyError('JumpOutOfCode', pc, pc);
}

/** Moves the function range to the function that starts at `pc`; it must end in ja or exit. */
function enterFunction(context: VerifierContext, pc: number): TbpfNativeError | undefined {
  const { text, slotCount } = context;
  let end = pc + 1;
  while (end < slotCount && !isFunctionStart(text, end)) end++;
  context.functionStart = pc;
  context.functionEnd = end;
  const last = opcodeAt(text, end - 1);
  return last === 0x05 || last === 0x95 ? undefined : verifyError('InvalidFunction', end - 1);
}

/** V3+: a call whose src is neither 0 (syscall) nor 1 (function). */
function isForeignCall({ text, features }: VerifierContext, row: OpcodeRow, pc: number): boolean {
  return row.form === 'call' && features.staticSyscalls && srcAt(text, pc) > 1;
}

/** Range of both register nibbles, whether the instruction uses them or not (spec §7.3). */
function checkRegisters(
  { text, features }: VerifierContext,
  row: OpcodeRow,
  pc: number,
  reportedPc: number,
): TbpfNativeError | undefined {
  if (srcAt(text, pc) > 10) return verifyError('InvalidSourceRegister', reportedPc);
  const dst = dstAt(text, pc);
  if (dst <= 9) return undefined;
  if (dst > 10) return verifyError('InvalidDestinationRegister', reportedPc);
  const isStore = row.form === 'store-imm' || row.form === 'store-reg';
  if (isStore || (features.dynamicFrames && row.code === 0x07)) return undefined;
  return verifyError('CannotWriteR10', reportedPc);
}

import { readSlot, slotSize } from '../isa/instruction.ts';
import { featuresOf, type TbpfVersion } from '../isa/version.ts';
import { noSyscalls, type SyscallKeys } from '../loader/syscall-keys.ts';
import { jumpTarget } from './control-flow.ts';
import { instructionText, printedRow } from './instruction-text.ts';

/**
 * Prints the one instruction at slot `pc`, for traces and messages: jump targets as `lbb_<slot>`, calls by number or
 * syscall name. The slot must lie inside the text; any bytes are accepted.
 */
export function formatInstruction(
  text: Uint8Array,
  pc: number,
  version: TbpfVersion,
  syscalls: SyscallKeys = noSyscalls,
): string {
  const slot = readSlot(text, pc);
  const row = printedRow(version, slot.opcode);
  if (row === undefined) return `unknown opcode=0x${slot.opcode.toString(16)}`;
  const hasSecond = row.form === 'lddw' && (pc + 2) * slotSize <= text.length;
  const instruction = { pc, ...slot, second: hasSecond ? readSlot(text, pc + 1) : undefined };
  return instructionText(row, instruction, version, {
    jump: () => `lbb_${jumpTarget(instruction)}`,
    call: ({ src, imm }) => {
      if (featuresOf(version).staticSyscalls && src !== 0) return `call lbb_${pc + 1 + imm}`;
      return `syscall ${syscalls.name(imm >>> 0) ?? imm}`;
    },
  });
}

import { opcodeAt, readSlot, slotSize } from '../isa/instruction.ts';
import { featuresOf } from '../isa/version.ts';
import type { Executable } from '../loader/executable.ts';
import { noSyscalls, type SyscallKeys } from '../loader/syscall-keys.ts';
import { jumpTarget } from './control-flow.ts';
import { instructionText, printedRow, type Targets } from './instruction-text.ts';

/**
 * Prints the one instruction at slot `pc`, for traces and messages: like the disassembler's line, but jumps and calls name their
 * target by its slot, and syscalls by name where it is known. The slot must lie inside the text; any bytes are accepted.
 */
export function formatInstruction(
  { text, version, functions }: Pick<Executable, 'text' | 'version' | 'functions'>,
  pc: number,
  syscalls: SyscallKeys = noSyscalls,
): string {
  const opcode = opcodeAt(text, pc);
  const row = printedRow(version, opcode);
  if (row === undefined) return `unknown opcode=0x${opcode.toString(16)}`;
  const hasSecond = row.form === 'lddw' && (pc + 2) * slotSize <= text.length;
  const targets: Targets = {
    jump: (instruction) => `${jumpTarget(instruction)}`,
    call({ src, imm }) {
      if (featuresOf(version).staticSyscalls && src === 1) return `call ${pc + 1 + imm}`;
      const key = imm >>> 0;
      const name = syscalls.name(key);
      if (name !== undefined) return `syscall ${name}`;
      const target = functions.get(key)?.pc;
      return target === undefined ? `syscall 0x${key.toString(16)}` : `call ${target}`;
    },
  };
  const second = hasSecond ? readSlot(text, pc + 1) : undefined;
  return instructionText(row, { pc, ...readSlot(text, pc), second }, version, targets);
}

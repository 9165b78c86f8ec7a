import { instructionText, printedRow, type Targets } from '../disassembler/instruction-text.ts';
import { opcodeAt, readSlot, slotSize } from '../isa/instruction.ts';
import { featuresOf } from '../isa/version.ts';
import type { Executable } from '../loader/executable.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';

/** One instruction as a trace shows it: like the disassembler's line, with slots for targets. */
export function formatInstruction(executable: Executable, pc: number, syscalls: SyscallKeys): string {
  const { text, version, functions } = executable;
  const opcode = opcodeAt(text, pc);
  const row = printedRow(version, opcode);
  if (row === undefined) return `unknown opcode=0x${opcode.toString(16)}`;
  const hasSecond = row.form === 'lddw' && (pc + 2) * slotSize <= text.length;
  const second = hasSecond ? readSlot(text, pc + 1) : undefined;
  const targets: Targets = {
    jump: (instruction) => `${pc + 1 + instruction.off}`,
    call({ src, imm }) {
      const isRelative = featuresOf(version).staticSyscalls && src === 1;
      if (isRelative) return `call ${pc + 1 + imm}`;
      const name = syscalls.name(imm >>> 0);
      if (name !== undefined) return `syscall ${name}`;
      const target = functions.get(imm >>> 0)?.pc;
      return target === undefined ? `syscall 0x${(imm >>> 0).toString(16)}` : `call ${target}`;
    },
  };
  return instructionText(row, { pc, ...readSlot(text, pc), second }, version, targets);
}

import { opcodeAt, slotSize } from '@switchyard/tbpf/format';
import { linkError, offsetIn } from './link-error.ts';
import type { InputSection, ObjectFile } from './object-file.ts';

/** Opcode bytes with a meaning for the linker. */
export const opcodes = Object.freeze({ loadImmediate64: 0x18, jump: 0x05, call: 0x85, exit: 0x95 });

/** Refuses instructions which compilers emit for other BPF machines and which no TBPF V0 machine has (tbpf.md §2.2). */
export function checkInstructions(object: ObjectFile, section: InputSection): void {
  const slots = section.size / slotSize;
  for (let slot = 0; slot < slots; slot++) {
    const opcode = opcodeAt(section.bytes, slot);
    if (opcode === opcodes.loadImmediate64) {
      slot++;
      continue;
    }
    const problem = foreignInstruction(opcode);
    if (problem !== undefined) {
      throw linkError(`${problem.what} (opcode 0x${opcode.toString(16).padStart(2, '0')})`, {
        object: object.name,
        at: offsetIn(section.name, slot * slotSize),
        hint: problem.hint,
      });
    }
  }
}

function foreignInstruction(opcode: number): { what: string; hint: string } | undefined {
  const instructionClass = opcode & 7;
  const mode = opcode & 0xe0;
  if (instructionClass === 6) {
    return { what: 'a 32-bit jump is not a TBPF instruction', hint: 'Compile with -mcpu=v2.' };
  }
  if (instructionClass === 3 && mode === 0xc0) {
    return {
      what: 'an atomic operation is not a TBPF instruction',
      hint: 'A contract runs alone; use plain reads and writes.',
    };
  }
  if (instructionClass === 0 && opcode !== 0) {
    return { what: 'a packet load is not a TBPF instruction', hint: 'Read the input through its pointer.' };
  }
  return undefined;
}

import { opcodeAt, readSlot, type Slot, slotSize } from '../isa/instruction.ts';

/** An instruction as the disassembler walks over it; an lddw is one with both its slots. */
export interface ListedInstruction extends Slot {
  readonly pc: number;
  /** The upper half of an lddw; undefined for others and for an lddw without second slot. */
  readonly second: Slot | undefined;
}

const lddwCode = 0x18;

/** Lists the instructions of a text in order; bytes after the last whole slot are ignored. */
export function listInstructions(text: Uint8Array): readonly ListedInstruction[] {
  const slotCount = Math.floor(text.length / slotSize);
  const instructions: ListedInstruction[] = [];
  for (let pc = 0; pc < slotCount; pc++) {
    const second = opcodeAt(text, pc) === lddwCode && pc + 1 < slotCount ? readSlot(text, pc + 1) : undefined;
    instructions.push({ pc, ...readSlot(text, pc), second });
    if (second !== undefined) pc++;
  }
  return instructions;
}

import { readSlot, type Slot, writeSlot } from '../../../adapters/tbpf/src/isa/instruction.ts';
import { opcodeTable } from '../../../adapters/tbpf/src/isa/opcodes.ts';
import { featuresOf, type TbpfVersion } from '../../../adapters/tbpf/src/isa/version.ts';

/** Raw text with the registry that its calls go by. */
export interface TextProgram {
  readonly version: TbpfVersion;
  readonly text: Uint8Array;
  readonly functions: readonly (readonly [key: number, pc: number])[];
}

/** `mov64 r0, r0`: nothing, in every version and at every place. */
const NOTHING: Slot = { opcode: 0xbf, dst: 0, src: 0, off: 0, imm: 0 };

/** Programs with fewer slots, with slots that do nothing, with plainer operands: in this order. */
export function* simplerTexts<P extends TextProgram>(program: P): Generator<P> {
  const slots = slotsOf(program.text);
  for (let chunk = slots.length >> 1; chunk >= 1; chunk >>= 1) {
    for (let from = slots.length - chunk; from > -chunk; from -= chunk) {
      yield without(program, slots, Math.max(0, from), Math.max(0, from) + chunk);
    }
  }
  const isFree = (slot: Slot | undefined): boolean => slot?.opcode !== 0x18;
  for (const [pc, slot] of slots.entries()) {
    const isPlain = slot.opcode === NOTHING.opcode && slot.dst === 0 && slot.src === 0;
    if (!isPlain && isFree(slot) && isFree(slots[pc - 1])) yield withSlot(program, slots, pc, NOTHING);
  }
  for (const [pc, slot] of slots.entries()) {
    for (const imm of [0, 1, slot.imm >> 16, slot.imm >> 1]) {
      if (Math.abs(imm) < Math.abs(slot.imm)) yield withSlot(program, slots, pc, { ...slot, imm });
    }
    for (const off of [0, slot.off >> 1]) {
      if (Math.abs(off) < Math.abs(slot.off)) yield withSlot(program, slots, pc, { ...slot, off });
    }
  }
}

function slotsOf(text: Uint8Array): readonly Slot[] {
  return Array.from({ length: text.length / 8 }, (_, pc) => readSlot(text, pc));
}

function withSlot<P extends TextProgram>(program: P, slots: readonly Slot[], pc: number, slot: Slot): P {
  return { ...program, text: textOf(slots.map((one, other) => (other === pc ? slot : one))) };
}

/** The program without some slots: jumps, relative calls and the registry go on pointing to the same instructions, or to the next. */
function without<P extends TextProgram>(program: P, slots: readonly Slot[], from: number, to: number): P {
  const table = opcodeTable(program.version);
  const { staticSyscalls } = featuresOf(program.version);
  const moved = (pc: number): number => (pc >= to ? pc - (to - from) : Math.min(pc, from));
  const kept: Slot[] = [];
  for (const [pc, slot] of slots.entries()) {
    if (pc >= from && pc < to) continue;
    const form = table[slot.opcode]?.form;
    if (form === 'ja' || form === 'jump-imm' || form === 'jump-reg') {
      kept.push({ ...slot, off: moved(pc + 1 + slot.off) - moved(pc) - 1 });
    } else if (form === 'call' && staticSyscalls && slot.src === 1) {
      kept.push({ ...slot, imm: moved(pc + 1 + slot.imm) - moved(pc) - 1 });
    } else {
      kept.push(slot);
    }
  }
  const functions = program.functions.map(([key, pc]) => [key, moved(pc)] as const);
  return { ...program, text: textOf(kept), functions };
}

function textOf(slots: readonly Slot[]): Uint8Array {
  const text = new Uint8Array(slots.length * 8);
  for (const [pc, slot] of slots.entries()) writeSlot(text, pc, slot);
  return text;
}

/** Bytes of one instruction slot (spec §2.1). */
export const slotSize = 8;

/** The fields of one instruction slot (spec §2.1). */
export interface Slot {
  readonly opcode: number;
  /** Destination register nibble, 0–15. */
  readonly dst: number;
  /** Source register nibble, 0–15. */
  readonly src: number;
  /** Signed 16-bit offset. */
  readonly off: number;
  /** Signed 32-bit immediate. */
  readonly imm: number;
}

/** Reads the opcode byte of slot `pc`; the slot must lie inside `text`, as for all readers here. */
export function opcodeAt(text: Uint8Array, pc: number): number {
  return text[pc * 8]!;
}

/** Reads the destination register nibble of slot `pc`. */
export function dstAt(text: Uint8Array, pc: number): number {
  return text[pc * 8 + 1]! & 15;
}

/** Reads the source register nibble of slot `pc`. */
export function srcAt(text: Uint8Array, pc: number): number {
  return text[pc * 8 + 1]! >> 4;
}

/** Reads the signed 16-bit offset of slot `pc`. */
export function offAt(text: Uint8Array, pc: number): number {
  const at = pc * 8 + 2;
  return ((text[at]! | (text[at + 1]! << 8)) << 16) >> 16;
}

/** Reads the signed 32-bit immediate of slot `pc`. */
export function immAt(text: Uint8Array, pc: number): number {
  const at = pc * 8 + 4;
  return text[at]! | (text[at + 1]! << 8) | (text[at + 2]! << 16) | (text[at + 3]! << 24);
}

/** Reads all fields of slot `pc`. */
export function readSlot(text: Uint8Array, pc: number): Slot {
  return {
    opcode: opcodeAt(text, pc),
    dst: dstAt(text, pc),
    src: srcAt(text, pc),
    off: offAt(text, pc),
    imm: immAt(text, pc),
  };
}

/** Writes all fields of slot `pc`; each field is truncated to its width. */
export function writeSlot(text: Uint8Array, pc: number, slot: Slot): void {
  const at = pc * 8;
  text[at] = slot.opcode;
  text[at + 1] = (slot.dst & 15) | ((slot.src & 15) << 4);
  text[at + 2] = slot.off;
  text[at + 3] = slot.off >> 8;
  writeImm(text, pc, slot.imm);
}

/** Writes the 32-bit immediate of slot `pc`. */
export function writeImm(text: Uint8Array, pc: number, imm: number): void {
  const at = pc * 8 + 4;
  text[at] = imm;
  text[at + 1] = imm >> 8;
  text[at + 2] = imm >> 16;
  text[at + 3] = imm >> 24;
}

/** Whether slot `pc` is a V3+ function start marker: `add64 r10, imm` by opcode and dst alone (spec §1.2). */
export function isFunctionStart(text: Uint8Array, pc: number): boolean {
  return opcodeAt(text, pc) === 0x07 && dstAt(text, pc) === 10;
}

/** Slots of the operand stack; one opcode, `NewMap 0`, may exceed it. */
export const STACK_SLOTS = 256;
/** Entering a frame fails when so many would be live. */
export const MAX_FRAMES = 64;
/** Registers of a frame have indices below this. */
export const MAX_REGISTERS = 65_535;
/** Longest string in UTF-8 bytes. The reference allows 2^32 − 1, JavaScript half a gigabyte. */
export const MAX_STRING_BYTES = 67_108_864;

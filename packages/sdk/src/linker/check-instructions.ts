import {
  dstAt,
  immAt,
  isFunctionStart,
  offAt,
  opcodeAt,
  opcodeTable,
  slotSize,
  srcAt,
  writeImm,
} from '@switchyard/tbpf/format';
import { linkError, offsetIn } from './link-error.ts';
import type { LinkedVersion } from './linked-version.ts';
import type { ObjectFile } from './object-file.ts';
import type { InputSection } from './read-sections.ts';

/** Opcode bytes with a meaning for the linker. */
export const opcodes = Object.freeze({
  loadImmediate64: 0x18,
  addImmediate64: 0x07,
  moveRegister64: 0xbf,
  jump: 0x05,
  call: 0x85,
  callRegister: 0x8d,
  exit: 0x95,
});

/** Instruction classes, the low three bits of an opcode. */
export const classes = Object.freeze({ load: 1, store: 2, storeRegister: 3, alu32: 4, jump: 5, alu64: 7 });

const recompile = 'Compile with -mcpu=v2, without alu32.';

/** Instructions which mean to the compiler something else than to the machine (tbpf.md §1.2 row 3, §2.3). */
const otherMeaning: Readonly<Record<LinkedVersion, ReadonlyMap<number, string>>> = {
  0: new Map(
    [0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c].map((opcode) => [
      opcode,
      '32-bit add, sub and mul extend the sign in V0; the compiler expects zeros',
    ]),
  ),
  3: new Map([[0xbc, 'a 32-bit move extends the sign in V3; the compiler expects zeros']]),
};

/**
 * The code of a section for the machine: instructions that the machine does not have, or understands otherwise, are LINK_FAILED, and
 * `callx` has its register where the machine looks for it. Both versions have the same opcodes (tbpf.md §2.2).
 */
export function machineCode(object: ObjectFile, section: InputSection, version: LinkedVersion): Uint8Array {
  const code = section.bytes.slice();
  const slots = section.size / slotSize;
  for (let slot = 0; slot < slots; slot++) {
    const opcode = opcodeAt(code, slot);
    const place = { object: object.name, at: offsetIn(section.name, slot * slotSize) };
    if (opcode === opcodes.loadImmediate64) {
      slot++;
      if (slot < slots && opcodeAt(code, slot) === 0) continue;
      throw linkError('a 64-bit load has no second half', place);
    }
    if (opcode === opcodes.callRegister) moveRegister(code, slot);
    const problem = problemOf(code, slot, version);
    if (problem !== undefined) {
      const shown = `0x${opcode.toString(16).padStart(2, '0')}`;
      throw linkError(`${problem.what} (opcode ${shown})`, { ...place, hint: problem.hint });
    }
  }
  return code;
}

/** Compilers since LLVM 17 write the register of `callx` as destination, older ones as immediate, where the machine reads it (§6.3). */
function moveRegister(code: Uint8Array, slot: number): void {
  if (immAt(code, slot) !== 0) return;
  writeImm(code, slot, dstAt(code, slot));
  code[slot * slotSize + 1] = 0;
}

function problemOf(
  code: Uint8Array,
  slot: number,
  version: LinkedVersion,
): { what: string; hint: string } | undefined {
  const opcode = opcodeAt(code, slot);
  const instructionClass = opcode & 7;
  const mode = opcode & 0xe0;
  if (instructionClass === 6) {
    return { what: 'a 32-bit jump is not a TBPF instruction', hint: 'Compile with -mcpu=v2.' };
  }
  if (instructionClass === classes.storeRegister && mode === 0xc0) {
    return {
      what: 'an atomic operation is not a TBPF instruction',
      hint: 'A contract runs alone; use plain reads and writes.',
    };
  }
  if (instructionClass === 0 && opcode !== 0) {
    return { what: 'a packet load is not a TBPF instruction', hint: 'Read the input through its pointer.' };
  }
  if (opcodeTable(version)[opcode] === undefined) {
    return { what: 'this is not a TBPF instruction', hint: recompile };
  }
  const other = otherMeaning[version].get(opcode);
  if (other !== undefined) return { what: other, hint: recompile };
  const isArithmetic = instructionClass === classes.alu32 || instructionClass === classes.alu64;
  if (isArithmetic && offAt(code, slot) !== 0) {
    return {
      what: 'signed division and moves that extend the sign are not TBPF instructions',
      hint: 'Compile with -mcpu=v2.',
    };
  }
  if (opcode === opcodes.callRegister && !(immAt(code, slot) >= 0 && immAt(code, slot) <= 9)) {
    return { what: 'callx goes through one of the registers r0 to r9', hint: recompile };
  }
  if (isFunctionStart(code, slot)) {
    return {
      what: 'r10 is moved, which only code of frames that the program itself makes may do',
      hint: recompile,
    };
  }
  if (dstAt(code, slot) > 10 || srcAt(code, slot) > 10) {
    return { what: 'a register above r10 is named', hint: 'Compile the object again.' };
  }
  return undefined;
}

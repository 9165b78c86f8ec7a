import type { Program } from '../interpreter/program.ts';
import { wordsPerSlot } from '../interpreter/program.ts';
import { Step } from '../interpreter/step.ts';
import { Op } from '../isa/op.ts';
import { INSTRUCTION_BYTES } from '../linear/layout.ts';
import { ACCESSES, Code, FIRST_ACCESS } from './instruction.ts';
import { memorySyscallIndex } from './memory-syscall-names.ts';

const WORDS = INSTRUCTION_BYTES / 4;

/** Verified code names no register above r10; anything else would go to the unused word after it. */
const LAST_REGISTER = 11;

interface Encoded {
  readonly codeAt: number;
  readonly bytes: Uint8Array;
}

/** Kept as long as the program: slots load it again and again. */
const known = new WeakMap<Program, Encoded>();

/** `encodeProgram`, kept for the program's last place. */
export function encodedProgram(program: Program, codeAt: number): Uint8Array {
  let encoded = known.get(program);
  if (encoded?.codeAt !== codeAt) {
    encoded = { codeAt, bytes: encodeProgram(program, codeAt) };
    known.set(program, encoded);
  }
  return encoded.bytes;
}

/**
 * The program as tier 0 reads it, `length + 1` instructions of 16 bytes, for code that starts at `codeAt`. O(length).
 * What the reference tier's predecoding has decided is taken over; here only the operands get their final form.
 */
export function encodeProgram(program: Program, codeAt: number): Uint8Array {
  const { code, immediates, length } = program;
  const out = new Int32Array((length + 1) * WORDS);
  for (let pc = 0; pc <= length; pc++) {
    const from = pc * wordsPerSlot;
    const at = pc * WORDS;
    const step = code[from]!;
    const src = code[from + 2]!;
    const operand = code[from + 3]!;
    const imm = immediates[pc]!;
    let newStep = step;
    let word = 0;
    let low = operand;
    let high = operand >> 31;
    if (isAccess(step)) {
      word = imm;
    } else if (hasTarget(step)) {
      word = codeAt + operand * INSTRUCTION_BYTES;
      low = imm;
      high = imm >> 31;
    } else {
      switch (step) {
        case Op.Lddw:
          high = src;
          break;
        // A move of a zero-extended immediate.
        case Op.Mov32Imm:
          newStep = Op.Mov64Imm;
          high = 0;
          break;
        // Keeping the low bits is an `and`.
        case Op.Le:
          newStep = Op.And64Imm;
          low = imm === 16 ? 0xffff : -1;
          high = imm === 64 ? -1 : 0;
          break;
        // All eight bytes are reversed, then shifted down by this.
        case Op.Be:
          low = 64 - imm;
          high = 0;
          break;
        // An `or` of the upper half.
        case Op.Hor64:
          newStep = Op.Or64Imm;
          high = imm;
          low = 0;
          break;
        case Op.Uhmul64Imm:
        case Op.Udiv64Imm:
        case Op.Urem64Imm:
          high = 0;
          break;
        case Step.CallSyscall: {
          word = operand;
          const memory = memorySyscallIndex(program.syscalls[operand]!);
          if (memory !== undefined) newStep = Code.memorySyscalls + memory;
          break;
        }
      }
    }
    out[at] = newStep | (registerField(code[from + 1]!) << 16) | (registerField(src) << 24);
    out[at + 1] = word;
    out[at + 2] = low;
    out[at + 3] = high;
  }
  return new Uint8Array(out.buffer);
}

function registerField(register: number): number {
  return Math.min(register & 0xf, LAST_REGISTER) * 8;
}

function isAccess(step: number): boolean {
  return step >= FIRST_ACCESS && step < FIRST_ACCESS + ACCESSES;
}

function hasTarget(step: number): boolean {
  return (step >= Op.Ja && step <= Op.JsleReg) || step === Step.CallFunction;
}

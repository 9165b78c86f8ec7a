import { Step } from '../interpreter/step.ts';
import { Op } from '../isa/op.ts';
import { type OperandForm, opcodeRows } from '../isa/opcodes.ts';

/** What a predecoded step does, as far as flow and registers go. */
export const enum Form {
  AluImm,
  AluReg,
  /** Writes d without reading it. */
  MovImm,
  MovReg,
  Unary,
  Load,
  StoreImm,
  StoreReg,
  Lddw,
  Jump,
  BranchImm,
  BranchReg,
  Call,
  Callx,
  Syscall,
  Exit,
  /** Compiled code does not do it: tier 0 goes on here, mostly to fault. */
  Cold,
}

const BY_OPERANDS: Readonly<Record<OperandForm, Form>> = {
  'alu-imm': Form.AluImm,
  'alu-reg': Form.AluReg,
  unary: Form.Unary,
  endian: Form.Unary,
  load: Form.Load,
  'store-imm': Form.StoreImm,
  'store-reg': Form.StoreReg,
  lddw: Form.Lddw,
  ja: Form.Jump,
  'jump-imm': Form.BranchImm,
  'jump-reg': Form.BranchReg,
  // What is left of `call` after predecoding has a step of its own.
  call: Form.Cold,
  callx: Form.Callx,
  exit: Form.Exit,
};

const SPECIAL: readonly (readonly [step: number, form: Form])[] = [
  [Op.Mov32Imm, Form.MovImm],
  [Op.Mov64Imm, Form.MovImm],
  [Op.Mov32Reg, Form.MovReg],
  [Op.Mov64Reg, Form.MovReg],
  [Step.Mov32RegSigned, Form.MovReg],
  [Step.Add32ImmZero, Form.AluImm],
  [Step.Add32RegZero, Form.AluReg],
  [Step.Sub32RegZero, Form.AluReg],
  [Step.Mul32ImmZero, Form.AluImm],
  [Step.Mul32RegZero, Form.AluReg],
  [Step.Sub32ImmZero, Form.AluImm],
  [Step.Sub32ImmSwapped, Form.AluImm],
  [Step.Sub64ImmSwapped, Form.AluImm],
  [Step.CallFunction, Form.Call],
  [Step.CallSyscall, Form.Syscall],
];

/** Steps are below this. */
const STEPS = 256;

/** `Form` by step; unknown steps are `Cold`. */
export const FORM: Uint8Array = new Uint8Array(STEPS).fill(Form.Cold);
for (const row of opcodeRows) FORM[row.op] = BY_OPERANDS[row.form];
for (const [step, form] of SPECIAL) FORM[step] = form;

/** Bytes of a memory access by step, 0 for what is none. */
export const ACCESS_BYTES: Uint8Array = new Uint8Array(STEPS);
for (const [bytes, steps] of [
  [1, [Op.Ldxb, Op.Stb, Op.Stxb]],
  [2, [Op.Ldxh, Op.Sth, Op.Stxh]],
  [4, [Op.Ldxw, Op.Stw, Op.Stxw]],
  [8, [Op.Ldxdw, Op.Stdw, Op.Stxdw]],
] as const) {
  for (const step of steps) ACCESS_BYTES[step] = bytes;
}

/** Bits of r0 to r9; r10 has rules of its own. */
export const ALL_REGISTERS = 0x3ff;
/** r0 to r5: what a call leaves to its caller. */
export const CALL_RESULTS = 0x3f;
const FRAME_POINTER = 10;

/** Registers (bits of r0–r9) that the instruction reads, calls and exits apart. */
export function readsOf(form: number, d: number, s: number): number {
  switch (form) {
    case Form.AluImm:
    case Form.Unary:
    case Form.StoreImm:
    case Form.BranchImm:
      return bit(d);
    case Form.AluReg:
    case Form.StoreReg:
    case Form.BranchReg:
      return bit(d) | bit(s);
    case Form.MovReg:
    case Form.Load:
      return bit(s);
    default:
      return 0;
  }
}

/** Registers (bits of r0–r9) that the instruction writes, calls apart. */
export function writesOf(form: number, d: number): number {
  switch (form) {
    case Form.AluImm:
    case Form.AluReg:
    case Form.MovImm:
    case Form.MovReg:
    case Form.Unary:
    case Form.Load:
    case Form.Lddw:
      return bit(d);
    default:
      return 0;
  }
}

function bit(register: number): number {
  return register < FRAME_POINTER ? 1 << register : 0;
}

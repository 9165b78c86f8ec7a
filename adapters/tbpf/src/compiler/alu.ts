import { Op as W } from '@switchyard/wasm-builder';
import { Step } from '../interpreter/step.ts';
import { Op } from '../isa/op.ts';
import type { FunctionEmitter } from './function-emitter.ts';

/** How the right operand of an arithmetic step is found. */
type Operand = 'imm' | 'imm-zero-extended' | 'reg';
/** What becomes of a 32-bit result. */
type Extension = 'zero' | 'sign';

/** Writes one arithmetic instruction: d, s and the immediate as predecoded. */
type AluEmitter = (emitter: FunctionEmitter, pc: number, d: number, s: number, imm: number) => void;

/** Emitters by step. */
export const ALU: (AluEmitter | undefined)[] = [];

/** d = d ∘ b on 64 bits. */
function wide(step: number, op: number, operand: Operand, swapped = false): void {
  ALU[step] = (emitter, _pc, d, s, imm) => {
    if (swapped) emitter.pushOperand64(operand, s, imm);
    emitter.pushRegister(d);
    if (!swapped) emitter.pushOperand64(operand, s, imm);
    emitter.body.op(op);
    emitter.setRegister(d);
  };
}

/** d = ext(u32(d) ∘ u32(b)). */
function narrow(step: number, op: number, operand: Operand, extension: Extension, swapped = false): void {
  ALU[step] = (emitter, _pc, d, s, imm) => {
    if (swapped) emitter.pushOperand32(operand, s, imm);
    emitter.pushRegister32(d);
    if (!swapped) emitter.pushOperand32(operand, s, imm);
    emitter.body.op(op);
    emitter.setRegister32(d, extension);
  };
}

/** As `narrow` or `wide`, for a quotient or remainder: a zero divisor, or a signed overflow, is left to tier 0. */
function division(step: number, op: number, operand: Operand, bits: 32 | 64, isSigned = false): void {
  ALU[step] = (emitter, pc, d, s, imm) => {
    if (operand === 'reg') {
      if (bits === 64) emitter.pushRegister(s);
      else emitter.pushRegister32(s);
      emitter.body.op(bits === 64 ? W.i64Eqz : W.i32Eqz);
      emitter.coldIf(pc);
    } else if (imm === 0) {
      emitter.cold(pc);
      return;
    }
    if (isSigned && (operand === 'reg' || imm === -1)) emitOverflowTest(emitter, pc, d, s, operand, bits);
    if (bits === 64) {
      emitter.pushRegister(d);
      emitter.pushOperand64(operand, s, imm);
      emitter.body.op(op);
      emitter.setRegister(d);
    } else {
      emitter.pushRegister32(d);
      emitter.pushOperand32(operand, s, imm);
      emitter.body.op(op);
      emitter.setRegister32(d, 'zero');
    }
  };
}

/** MIN ÷ −1. */
function emitOverflowTest(
  emitter: FunctionEmitter,
  pc: number,
  d: number,
  s: number,
  operand: Operand,
  bits: 32 | 64,
): void {
  const { body } = emitter;
  if (bits === 64) {
    emitter.pushRegister(d);
    body.i64Const(0, 0x8000_0000 | 0);
    body.op(W.i64Eq);
  } else {
    emitter.pushRegister32(d);
    body.i32Const(0x8000_0000 | 0);
    body.op(W.i32Eq);
  }
  if (operand === 'reg') {
    if (bits === 64) {
      emitter.pushRegister(s);
      body.i64Const(-1);
      body.op(W.i64Eq);
    } else {
      emitter.pushRegister32(s);
      body.i32Const(-1);
      body.op(W.i32Eq);
    }
    body.op(W.i32And);
  }
  emitter.coldIf(pc);
}

/** The upper half of a product, by one of the module's own functions. */
function highProduct(step: number, operand: Operand, helper: 'mulHighUnsigned' | 'mulHighSigned'): void {
  ALU[step] = (emitter, _pc, d, s, imm) => {
    emitter.pushRegister(d);
    emitter.pushOperand64(operand, s, imm);
    emitter.callHelper(helper);
    emitter.setRegister(d);
  };
}

narrow(Op.Add32Imm, W.i32Add, 'imm', 'sign');
narrow(Op.Add32Reg, W.i32Add, 'reg', 'sign');
narrow(Op.Sub32Imm, W.i32Sub, 'imm', 'sign');
narrow(Op.Sub32Reg, W.i32Sub, 'reg', 'sign');
narrow(Op.Mul32Imm, W.i32Mul, 'imm', 'sign');
narrow(Op.Mul32Reg, W.i32Mul, 'reg', 'sign');
narrow(Step.Add32ImmZero, W.i32Add, 'imm', 'zero');
narrow(Step.Add32RegZero, W.i32Add, 'reg', 'zero');
narrow(Step.Sub32ImmZero, W.i32Sub, 'imm', 'zero');
narrow(Step.Sub32ImmSwapped, W.i32Sub, 'imm', 'zero', true);
narrow(Step.Sub32RegZero, W.i32Sub, 'reg', 'zero');
narrow(Step.Mul32ImmZero, W.i32Mul, 'imm', 'zero');
narrow(Step.Mul32RegZero, W.i32Mul, 'reg', 'zero');
narrow(Op.Or32Imm, W.i32Or, 'imm', 'zero');
narrow(Op.Or32Reg, W.i32Or, 'reg', 'zero');
narrow(Op.And32Imm, W.i32And, 'imm', 'zero');
narrow(Op.And32Reg, W.i32And, 'reg', 'zero');
narrow(Op.Xor32Imm, W.i32Xor, 'imm', 'zero');
narrow(Op.Xor32Reg, W.i32Xor, 'reg', 'zero');
narrow(Op.Lsh32Imm, W.i32Shl, 'imm', 'zero');
narrow(Op.Lsh32Reg, W.i32Shl, 'reg', 'zero');
narrow(Op.Rsh32Imm, W.i32ShrU, 'imm', 'zero');
narrow(Op.Rsh32Reg, W.i32ShrU, 'reg', 'zero');
narrow(Op.Arsh32Imm, W.i32ShrS, 'imm', 'zero');
narrow(Op.Arsh32Reg, W.i32ShrS, 'reg', 'zero');
narrow(Op.Lmul32Imm, W.i32Mul, 'imm', 'zero');
narrow(Op.Lmul32Reg, W.i32Mul, 'reg', 'zero');

division(Op.Div32Imm, W.i32DivU, 'imm', 32);
division(Op.Div32Reg, W.i32DivU, 'reg', 32);
division(Op.Mod32Imm, W.i32RemU, 'imm', 32);
division(Op.Mod32Reg, W.i32RemU, 'reg', 32);
division(Op.Udiv32Imm, W.i32DivU, 'imm', 32);
division(Op.Udiv32Reg, W.i32DivU, 'reg', 32);
division(Op.Urem32Imm, W.i32RemU, 'imm', 32);
division(Op.Urem32Reg, W.i32RemU, 'reg', 32);
division(Op.Sdiv32Imm, W.i32DivS, 'imm', 32, true);
division(Op.Sdiv32Reg, W.i32DivS, 'reg', 32, true);
division(Op.Srem32Imm, W.i32RemS, 'imm', 32, true);
division(Op.Srem32Reg, W.i32RemS, 'reg', 32, true);
division(Op.Div64Imm, W.i64DivU, 'imm', 64);
division(Op.Div64Reg, W.i64DivU, 'reg', 64);
division(Op.Mod64Imm, W.i64RemU, 'imm', 64);
division(Op.Mod64Reg, W.i64RemU, 'reg', 64);
division(Op.Udiv64Imm, W.i64DivU, 'imm-zero-extended', 64);
division(Op.Udiv64Reg, W.i64DivU, 'reg', 64);
division(Op.Urem64Imm, W.i64RemU, 'imm-zero-extended', 64);
division(Op.Urem64Reg, W.i64RemU, 'reg', 64);
division(Op.Sdiv64Imm, W.i64DivS, 'imm', 64, true);
division(Op.Sdiv64Reg, W.i64DivS, 'reg', 64, true);
division(Op.Srem64Imm, W.i64RemS, 'imm', 64, true);
division(Op.Srem64Reg, W.i64RemS, 'reg', 64, true);

wide(Op.Add64Imm, W.i64Add, 'imm');
wide(Op.Add64Reg, W.i64Add, 'reg');
wide(Op.Sub64Imm, W.i64Sub, 'imm');
wide(Op.Sub64Reg, W.i64Sub, 'reg');
wide(Step.Sub64ImmSwapped, W.i64Sub, 'imm', true);
wide(Op.Mul64Imm, W.i64Mul, 'imm');
wide(Op.Mul64Reg, W.i64Mul, 'reg');
wide(Op.Lmul64Imm, W.i64Mul, 'imm');
wide(Op.Lmul64Reg, W.i64Mul, 'reg');
wide(Op.Or64Imm, W.i64Or, 'imm');
wide(Op.Or64Reg, W.i64Or, 'reg');
wide(Op.And64Imm, W.i64And, 'imm');
wide(Op.And64Reg, W.i64And, 'reg');
wide(Op.Xor64Imm, W.i64Xor, 'imm');
wide(Op.Xor64Reg, W.i64Xor, 'reg');
wide(Op.Lsh64Imm, W.i64Shl, 'imm');
wide(Op.Lsh64Reg, W.i64Shl, 'reg');
wide(Op.Rsh64Imm, W.i64ShrU, 'imm');
wide(Op.Rsh64Reg, W.i64ShrU, 'reg');
wide(Op.Arsh64Imm, W.i64ShrS, 'imm');
wide(Op.Arsh64Reg, W.i64ShrS, 'reg');

highProduct(Op.Uhmul64Imm, 'imm-zero-extended', 'mulHighUnsigned');
highProduct(Op.Uhmul64Reg, 'reg', 'mulHighUnsigned');
highProduct(Op.Shmul64Imm, 'imm', 'mulHighSigned');
highProduct(Op.Shmul64Reg, 'reg', 'mulHighSigned');

ALU[Op.Mov64Imm] = (emitter, _pc, d, _s, imm) => {
  emitter.body.i64Const(imm);
  emitter.setRegister(d);
};
ALU[Op.Mov32Imm] = (emitter, _pc, d, _s, imm) => {
  emitter.body.i64Const(imm, 0);
  emitter.setRegister(d);
};
ALU[Op.Mov64Reg] = (emitter, _pc, d, s) => {
  emitter.pushRegister(s);
  emitter.setRegister(d);
};
ALU[Op.Mov32Reg] = (emitter, _pc, d, s) => {
  emitter.pushRegister32(s);
  emitter.setRegister32(d, 'zero');
};
ALU[Step.Mov32RegSigned] = (emitter, _pc, d, s) => {
  emitter.pushRegister32(s);
  emitter.setRegister32(d, 'sign');
};
ALU[Op.Lddw] = (emitter, _pc, d, high, low) => {
  emitter.body.i64Const(low, high);
  emitter.setRegister(d);
};
ALU[Op.Hor64] = (emitter, _pc, d, _s, imm) => {
  emitter.pushRegister(d);
  emitter.body.i64Const(0, imm);
  emitter.body.op(W.i64Or);
  emitter.setRegister(d);
};
ALU[Op.Neg32] = (emitter, _pc, d) => {
  emitter.body.i32Const(0);
  emitter.pushRegister32(d);
  emitter.body.op(W.i32Sub);
  emitter.setRegister32(d, 'zero');
};
ALU[Op.Neg64] = (emitter, _pc, d) => {
  emitter.body.i64Const(0);
  emitter.pushRegister(d);
  emitter.body.op(W.i64Sub);
  emitter.setRegister(d);
};
ALU[Op.Le] = (emitter, _pc, d, _s, bits) => {
  if (bits === 64) return;
  emitter.pushRegister(d);
  emitter.body.i64Const(bits === 16 ? 0xffff : -1, 0);
  emitter.body.op(W.i64And);
  emitter.setRegister(d);
};
ALU[Op.Be] = (emitter, _pc, d, _s, bits) => {
  emitter.pushRegister(d);
  emitter.callHelper('swapBytes');
  if (bits !== 64) {
    emitter.body.i64Const(64 - bits, 0);
    emitter.body.op(W.i64ShrU);
  }
  emitter.setRegister(d);
};

import { Op as Wasm } from '@switchyard/wasm-builder';
import { Step } from '../interpreter/step.ts';
import { Op } from '../isa/op.ts';
import { Status } from '../linear/layout.ts';
import type { Handler, HandlerTable, HandlerWriter, Operand } from './writer.ts';

const SIGNED: number = Wasm.i64ExtendI32S;
const ZERO: number = Wasm.i64ExtendI32U;

/** d = extend(d op b), or extend(b op d). */
function binary(op: number, operand: Operand, extend: number, swapped = false): Handler {
  return (w) =>
    w.setDst(() => {
      if (swapped) {
        w.operand32(operand);
        w.dst32();
      } else {
        w.dst32();
        w.operand32(operand);
      }
      w.body.op(op);
      w.body.op(extend);
    });
}

/** Unsigned division or remainder; the divisor is tested on its low 32 bits (spec §2.3). */
function division(op: number, operand: Operand): Handler {
  return (w) => {
    divisorOrLeave(w, operand);
    w.setDst(() => {
      w.dst32();
      w.body.localGet(w.local.wordA);
      w.body.op(op);
      w.body.op(ZERO);
    });
  };
}

/** V2's signed division or remainder: MIN by −1 overflows in both (spec §2.5). */
function signedDivision(op: number, operand: Operand): Handler {
  return (w) => {
    const { body, local } = w;
    divisorOrLeave(w, operand);
    w.dst32();
    body.localTee(local.wordB);
    body.i32Const(-0x8000_0000);
    body.op(Wasm.i32Eq);
    body.localGet(local.wordA);
    body.i32Const(-1);
    body.op(Wasm.i32Eq);
    body.op(Wasm.i32And);
    w.leaveIf(Status.DivideOverflow);
    w.setDst(() => {
      body.localGet(local.wordB);
      body.localGet(local.wordA);
      body.op(op);
      body.op(ZERO);
    });
  };
}

/** wordA = the divisor, which isn't 0. */
function divisorOrLeave(w: HandlerWriter, operand: Operand): void {
  w.operand32(operand);
  w.body.localTee(w.local.wordA);
  w.body.op(Wasm.i32Eqz);
  w.leaveIf(Status.DivideByZero);
}

/** Writes the low half of a register, extended. */
function move(extend: number): Handler {
  return (w) =>
    w.setDst(() => {
      w.src32();
      w.body.op(extend);
    });
}

/** 32-bit arithmetic (spec §2.3) and the 32-bit half of V2's class 6 (§2.5). */
export const alu32Handlers: HandlerTable = [
  [Op.Add32Imm, binary(Wasm.i32Add, 'imm', SIGNED)],
  [Op.Add32Reg, binary(Wasm.i32Add, 'reg', SIGNED)],
  [Op.Sub32Imm, binary(Wasm.i32Sub, 'imm', SIGNED)],
  [Op.Sub32Reg, binary(Wasm.i32Sub, 'reg', SIGNED)],
  [Op.Mul32Imm, binary(Wasm.i32Mul, 'imm', SIGNED)],
  [Op.Mul32Reg, binary(Wasm.i32Mul, 'reg', SIGNED)],
  [Step.Add32ImmZero, binary(Wasm.i32Add, 'imm', ZERO)],
  [Step.Add32RegZero, binary(Wasm.i32Add, 'reg', ZERO)],
  [Step.Sub32ImmZero, binary(Wasm.i32Sub, 'imm', ZERO)],
  [Step.Sub32RegZero, binary(Wasm.i32Sub, 'reg', ZERO)],
  [Step.Sub32ImmSwapped, binary(Wasm.i32Sub, 'imm', ZERO, true)],
  [Step.Mul32ImmZero, binary(Wasm.i32Mul, 'imm', ZERO)],
  [Step.Mul32RegZero, binary(Wasm.i32Mul, 'reg', ZERO)],
  [Op.Div32Imm, division(Wasm.i32DivU, 'imm')],
  [Op.Div32Reg, division(Wasm.i32DivU, 'reg')],
  [Op.Mod32Imm, division(Wasm.i32RemU, 'imm')],
  [Op.Mod32Reg, division(Wasm.i32RemU, 'reg')],
  [Op.Or32Imm, binary(Wasm.i32Or, 'imm', ZERO)],
  [Op.Or32Reg, binary(Wasm.i32Or, 'reg', ZERO)],
  [Op.And32Imm, binary(Wasm.i32And, 'imm', ZERO)],
  [Op.And32Reg, binary(Wasm.i32And, 'reg', ZERO)],
  [Op.Xor32Imm, binary(Wasm.i32Xor, 'imm', ZERO)],
  [Op.Xor32Reg, binary(Wasm.i32Xor, 'reg', ZERO)],
  [Op.Lsh32Imm, binary(Wasm.i32Shl, 'imm', ZERO)],
  [Op.Lsh32Reg, binary(Wasm.i32Shl, 'reg', ZERO)],
  [Op.Rsh32Imm, binary(Wasm.i32ShrU, 'imm', ZERO)],
  [Op.Rsh32Reg, binary(Wasm.i32ShrU, 'reg', ZERO)],
  [Op.Arsh32Imm, binary(Wasm.i32ShrS, 'imm', ZERO)],
  [Op.Arsh32Reg, binary(Wasm.i32ShrS, 'reg', ZERO)],
  [
    Op.Neg32,
    (w) =>
      w.setDst(() => {
        w.body.i32Const(0);
        w.dst32();
        w.body.op(Wasm.i32Sub);
        w.body.op(ZERO);
      }),
  ],
  [Op.Mov32Reg, move(ZERO)],
  [Step.Mov32RegSigned, move(SIGNED)],
  [Op.Lmul32Imm, binary(Wasm.i32Mul, 'imm', ZERO)],
  [Op.Lmul32Reg, binary(Wasm.i32Mul, 'reg', ZERO)],
  [Op.Udiv32Imm, division(Wasm.i32DivU, 'imm')],
  [Op.Udiv32Reg, division(Wasm.i32DivU, 'reg')],
  [Op.Urem32Imm, division(Wasm.i32RemU, 'imm')],
  [Op.Urem32Reg, division(Wasm.i32RemU, 'reg')],
  [Op.Sdiv32Imm, signedDivision(Wasm.i32DivS, 'imm')],
  [Op.Sdiv32Reg, signedDivision(Wasm.i32DivS, 'reg')],
  [Op.Srem32Imm, signedDivision(Wasm.i32RemS, 'imm')],
  [Op.Srem32Reg, signedDivision(Wasm.i32RemS, 'reg')],
];

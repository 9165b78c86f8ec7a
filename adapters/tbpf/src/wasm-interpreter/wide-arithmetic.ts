import { Op as Wasm } from '@switchyard/wasm-builder';
import { Op } from '../isa/op.ts';
import { Status } from '../linear/layout.ts';
import type { Handler, HandlerTable, HandlerWriter, Operand } from './writer.ts';

const MIN_HIGH = -0x8000_0000;

/** Unsigned division or remainder. */
function division(op: number, operand: Operand): Handler {
  return (w) => {
    divisorOrLeave(w, operand);
    w.setDst(() => {
      w.dst64();
      w.body.localGet(w.local.wideA);
      w.body.op(op);
    });
  };
}

/** V2's signed division or remainder: MIN by −1 overflows in both (spec §2.5). */
function signedDivision(op: number, operand: Operand): Handler {
  return (w) => {
    const { body, local } = w;
    divisorOrLeave(w, operand);
    w.dst64();
    body.localTee(local.wideB);
    body.i64Const(0, MIN_HIGH);
    body.op(Wasm.i64Eq);
    body.localGet(local.wideA);
    body.i64Const(-1);
    body.op(Wasm.i64Eq);
    body.op(Wasm.i32And);
    w.leaveIf(Status.DivideOverflow);
    w.setDst(() => {
      body.localGet(local.wideB);
      body.localGet(local.wideA);
      body.op(op);
    });
  };
}

/** wideA = the divisor, which isn't 0. */
function divisorOrLeave(w: HandlerWriter, operand: Operand): void {
  w.operand64(operand);
  w.body.localTee(w.local.wideA);
  w.body.op(Wasm.i64Eqz);
  w.leaveIf(Status.DivideByZero);
}

/** High half of the product. The signed one is the unsigned one, less b where a < 0 and less a where b < 0. */
function highProduct(operand: Operand, isSigned: boolean): Handler {
  return (w) => {
    const { body, local } = w;
    w.dst64();
    body.localSet(local.wideA);
    w.operand64(operand);
    body.localSet(local.wideB);
    w.setDst(() => {
      unsignedHighProduct(w);
      if (!isSigned) return;
      for (const [sign, other] of [
        [local.wideA, local.wideB],
        [local.wideB, local.wideA],
      ] as const) {
        body.localGet(sign);
        body.i64Const(63);
        body.op(Wasm.i64ShrS);
        body.localGet(other);
        body.op(Wasm.i64And);
        body.op(Wasm.i64Sub);
      }
    });
  };
}

/** Pushes the high half of wideA · wideB, by columns of 32 bits. */
function unsignedHighProduct(w: HandlerWriter): void {
  const { body, local } = w;
  const low = (value: number): void => {
    body.localGet(value);
    body.i64Const(-1, 0);
    body.op(Wasm.i64And);
  };
  const high = (value: number): void => {
    body.localGet(value);
    body.i64Const(32);
    body.op(Wasm.i64ShrU);
  };
  // wideC = a.high · b.low + (a.low · b.low >> 32): below 2^64, as is every sum here.
  high(local.wideA);
  low(local.wideB);
  body.op(Wasm.i64Mul);
  low(local.wideA);
  low(local.wideB);
  body.op(Wasm.i64Mul);
  body.i64Const(32);
  body.op(Wasm.i64ShrU);
  body.op(Wasm.i64Add);
  body.localSet(local.wideC);
  // a.high · b.high + (wideC >> 32) + ((a.low · b.high + low(wideC)) >> 32)
  high(local.wideA);
  high(local.wideB);
  body.op(Wasm.i64Mul);
  high(local.wideC);
  body.op(Wasm.i64Add);
  low(local.wideA);
  high(local.wideB);
  body.op(Wasm.i64Mul);
  low(local.wideC);
  body.op(Wasm.i64Add);
  body.i64Const(32);
  body.op(Wasm.i64ShrU);
  body.op(Wasm.i64Add);
}

/** 64-bit division (spec §2.4) and the 64-bit half of V2's class 6 (§2.5). The extension of immediates is the encoder's. */
export const wideHandlers: HandlerTable = [
  [Op.Div64Imm, division(Wasm.i64DivU, 'imm')],
  [Op.Div64Reg, division(Wasm.i64DivU, 'reg')],
  [Op.Mod64Imm, division(Wasm.i64RemU, 'imm')],
  [Op.Mod64Reg, division(Wasm.i64RemU, 'reg')],
  [Op.Udiv64Imm, division(Wasm.i64DivU, 'imm')],
  [Op.Udiv64Reg, division(Wasm.i64DivU, 'reg')],
  [Op.Urem64Imm, division(Wasm.i64RemU, 'imm')],
  [Op.Urem64Reg, division(Wasm.i64RemU, 'reg')],
  [Op.Sdiv64Imm, signedDivision(Wasm.i64DivS, 'imm')],
  [Op.Sdiv64Reg, signedDivision(Wasm.i64DivS, 'reg')],
  [Op.Srem64Imm, signedDivision(Wasm.i64RemS, 'imm')],
  [Op.Srem64Reg, signedDivision(Wasm.i64RemS, 'reg')],
  [Op.Uhmul64Imm, highProduct('imm', false)],
  [Op.Uhmul64Reg, highProduct('reg', false)],
  [Op.Shmul64Imm, highProduct('imm', true)],
  [Op.Shmul64Reg, highProduct('reg', true)],
];

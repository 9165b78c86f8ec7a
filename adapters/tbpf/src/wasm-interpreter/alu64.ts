import { Op as Wasm } from '@switchyard/wasm-builder';
import { Step } from '../interpreter/step.ts';
import { Op } from '../isa/op.ts';
import { INSTRUCTION_BYTES } from '../linear/layout.ts';
import type { Handler, HandlerTable, HandlerWriter, Operand } from './writer.ts';

/** d = d op b, or b op d. */
function binary(op: number, operand: Operand, swapped = false): Handler {
  return (w) =>
    w.setDst(() => {
      if (swapped) {
        w.operand64(operand);
        w.dst64();
      } else {
        w.dst64();
        w.operand64(operand);
      }
      w.body.op(op);
    });
}

function move(operand: Operand): Handler {
  return (w) => w.setDst(() => w.operand64(operand));
}

/** The odd bytes, and the even ones, of a word; the odd pairs, and the even ones. */
const EVEN_BYTES = 0x00ff_00ff;
const EVEN_PAIRS = 0x0000_ffff;

/** wideA = ((wideA & mask) << bits) | ((wideA >> bits) & mask): exchanges neighbours of `bits` bits. */
function exchange(w: HandlerWriter, mask: number, bits: number): void {
  const { body, local } = w;
  body.localGet(local.wideA);
  body.i64Const(mask, mask);
  body.op(Wasm.i64And);
  body.i64Const(bits);
  body.op(Wasm.i64Shl);
  body.localGet(local.wideA);
  body.i64Const(bits);
  body.op(Wasm.i64ShrU);
  body.i64Const(mask, mask);
  body.op(Wasm.i64And);
  body.op(Wasm.i64Or);
  body.localSet(local.wideA);
}

/** Reverses all eight bytes; what the width does not keep is shifted out. */
const reverseBytes: Handler = (w) => {
  const { body, local } = w;
  w.dst64();
  body.localSet(local.wideA);
  exchange(w, EVEN_BYTES, 8);
  exchange(w, EVEN_PAIRS, 16);
  w.setDst(() => {
    body.localGet(local.wideA);
    body.i64Const(32);
    body.op(Wasm.i64Rotl);
    w.immediate64();
    body.op(Wasm.i64ShrU);
  });
};

/** 64-bit arithmetic (spec §2.4) but division, byte order, and the immediate of two slots (§2.7). */
export const alu64Handlers: HandlerTable = [
  [Op.Add64Imm, binary(Wasm.i64Add, 'imm')],
  [Op.Add64Reg, binary(Wasm.i64Add, 'reg')],
  [Op.Sub64Imm, binary(Wasm.i64Sub, 'imm')],
  [Op.Sub64Reg, binary(Wasm.i64Sub, 'reg')],
  [Step.Sub64ImmSwapped, binary(Wasm.i64Sub, 'imm', true)],
  [Op.Mul64Imm, binary(Wasm.i64Mul, 'imm')],
  [Op.Mul64Reg, binary(Wasm.i64Mul, 'reg')],
  [Op.Lmul64Imm, binary(Wasm.i64Mul, 'imm')],
  [Op.Lmul64Reg, binary(Wasm.i64Mul, 'reg')],
  [Op.Or64Imm, binary(Wasm.i64Or, 'imm')],
  [Op.Or64Reg, binary(Wasm.i64Or, 'reg')],
  [Op.And64Imm, binary(Wasm.i64And, 'imm')],
  [Op.And64Reg, binary(Wasm.i64And, 'reg')],
  [Op.Xor64Imm, binary(Wasm.i64Xor, 'imm')],
  [Op.Xor64Reg, binary(Wasm.i64Xor, 'reg')],
  [Op.Lsh64Imm, binary(Wasm.i64Shl, 'imm')],
  [Op.Lsh64Reg, binary(Wasm.i64Shl, 'reg')],
  [Op.Rsh64Imm, binary(Wasm.i64ShrU, 'imm')],
  [Op.Rsh64Reg, binary(Wasm.i64ShrU, 'reg')],
  [Op.Arsh64Imm, binary(Wasm.i64ShrS, 'imm')],
  [Op.Arsh64Reg, binary(Wasm.i64ShrS, 'reg')],
  [
    Op.Neg64,
    (w) =>
      w.setDst(() => {
        w.body.i64Const(0);
        w.dst64();
        w.body.op(Wasm.i64Sub);
      }),
  ],
  [Op.Mov64Imm, move('imm')],
  [Op.Mov64Reg, move('reg')],
  [Op.Be, reverseBytes],
  [
    Op.Lddw,
    (w) => {
      w.setDst(() => w.immediate64());
      w.next(2 * INSTRUCTION_BYTES);
    },
  ],
];

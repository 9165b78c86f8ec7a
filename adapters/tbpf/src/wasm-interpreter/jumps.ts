import { Op as Wasm } from '@switchyard/wasm-builder';
import { Op } from '../isa/op.ts';
import { Field } from './instruction.ts';
import type { Handler, HandlerTable, HandlerWriter, Operand } from './writer.ts';

/** Goes on at the target. */
const jump: Handler = (w) => w.jump(() => w.field(Wasm.i32Load, Field.operand));

/** Jumps when d op b. */
function compare(op: number, operand: Operand): Handler {
  return (w) => {
    w.dst64();
    w.operand64(operand);
    w.body.op(op);
    jumpIf(w);
  };
}

/** Jumps when d and b have a bit in common. */
function test(operand: Operand): Handler {
  return (w) => {
    w.dst64();
    w.operand64(operand);
    w.body.op(Wasm.i64And);
    w.body.i64Const(0);
    w.body.op(Wasm.i64Ne);
    jumpIf(w);
  };
}

function jumpIf(w: HandlerWriter): void {
  w.body.if();
  jump(w);
  w.body.end();
}

const rows = [
  [Op.JeqImm, Wasm.i64Eq],
  [Op.JneImm, Wasm.i64Ne],
  [Op.JgtImm, Wasm.i64GtU],
  [Op.JgeImm, Wasm.i64GeU],
  [Op.JltImm, Wasm.i64LtU],
  [Op.JleImm, Wasm.i64LeU],
  [Op.JsgtImm, Wasm.i64GtS],
  [Op.JsgeImm, Wasm.i64GeS],
  [Op.JsltImm, Wasm.i64LtS],
  [Op.JsleImm, Wasm.i64LeS],
] as const;

/** Jumps; the register form of each stands behind the immediate one in `Op`. */
export const jumpHandlers: HandlerTable = [
  [Op.Ja, jump],
  ...rows.flatMap(
    ([code, op]): HandlerTable => [
      [code, compare(op, 'imm')],
      [code + 1, compare(op, 'reg')],
    ],
  ),
  [Op.JsetImm, test('imm')],
  [Op.JsetReg, test('reg')],
];

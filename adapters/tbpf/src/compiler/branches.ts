import { Op as W } from '@switchyard/wasm-builder';
import { Op } from '../isa/op.ts';
import type { FunctionEmitter } from './function-emitter.ts';

/** Comparison by step, for both forms of an instruction; `jset` has no comparison of its own. */
const COMPARE: Int32Array = new Int32Array(256).fill(-1);
for (const [imm, reg, op] of [
  [Op.JeqImm, Op.JeqReg, W.i64Eq],
  [Op.JneImm, Op.JneReg, W.i64Ne],
  [Op.JgtImm, Op.JgtReg, W.i64GtU],
  [Op.JgeImm, Op.JgeReg, W.i64GeU],
  [Op.JltImm, Op.JltReg, W.i64LtU],
  [Op.JleImm, Op.JleReg, W.i64LeU],
  [Op.JsgtImm, Op.JsgtReg, W.i64GtS],
  [Op.JsgeImm, Op.JsgeReg, W.i64GeS],
  [Op.JsltImm, Op.JsltReg, W.i64LtS],
  [Op.JsleImm, Op.JsleReg, W.i64LeS],
] as const) {
  COMPARE[imm] = op;
  COMPARE[reg] = op;
}

const IS_IMMEDIATE = new Set<number>([
  Op.JeqImm,
  Op.JneImm,
  Op.JgtImm,
  Op.JgeImm,
  Op.JltImm,
  Op.JleImm,
  Op.JsgtImm,
  Op.JsgeImm,
  Op.JsltImm,
  Op.JsleImm,
  Op.JsetImm,
]);

/** Leaves an i32 that isn't 0 when the jump is taken. */
export function emitBranchCondition(
  emitter: FunctionEmitter,
  step: number,
  d: number,
  s: number,
  imm: number,
): void {
  const { body } = emitter;
  emitter.pushRegister(d);
  emitter.pushOperand64(IS_IMMEDIATE.has(step) ? 'imm' : 'reg', s, imm);
  if (step === Op.JsetImm || step === Op.JsetReg) {
    body.op(W.i64And);
    body.op(W.i64Eqz);
    body.op(W.i32Eqz);
  } else {
    body.op(COMPARE[step]!);
  }
}

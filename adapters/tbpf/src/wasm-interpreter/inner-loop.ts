import { type FunctionBody, I32, I64, type Label, Op as Wasm } from '@switchyard/wasm-builder';
import { Op } from '../isa/op.ts';
import { InterpreterCell } from '../linear/interpreter-cells.ts';
import { Cell, FRAME_BYTES, INSTRUCTION_BYTES, Status } from '../linear/layout.ts';
import { alu32Handlers } from './alu32.ts';
import { alu64Handlers } from './alu64.ts';
import { callHandlers } from './calls.ts';
import { CODES, Field } from './instruction.ts';
import { jumpHandlers } from './jumps.ts';
import { memoryHandlers } from './memory.ts';
import { wideHandlers } from './wide-arithmetic.ts';
import { type HandlerTable, HandlerWriter, type LoopLocals } from './writer.ts';

/** Every handler of tier 0. A code without one is no instruction. */
export const handlers: HandlerTable = [
  ...alu32Handlers,
  ...alu64Handlers,
  ...wideHandlers,
  ...jumpHandlers,
  ...memoryHandlers,
  ...callHandlers,
];

/**
 * How often all handlers stand in the loop. The handlers of each copy go on at the dispatch of the next one, so that instructions are
 * dispatched from two indirect jumps by turns: with a single one the processor's prediction of its target fails on many loops.
 * Measured on AMD EPYC, million instructions/s with 1, 2 and 3 copies: f_xorshift32 245, 560, 315; b8_memcpy_word 240, 480, 620;
 * c_fib27 390, 480, 500; the others the same within 15 %.
 */
const COPIES = 2;

/**
 * Writes `loop(exitDepth: i32) -> i32`: runs from the cells until the frame at that depth exits, something faults, or something is to be
 * done that needs a call: then the answer is a `Leave`, or OutOfMeter when the chunk, and perhaps the meter, has come to its end.
 *
 * No call stands in this function: on a path that comes back into the loop it would make V8's optimising compiler keep ip and fuel in
 * memory everywhere. The chunk bounds how long one activation runs, because V8 replaces the code of a WebAssembly function only when
 * it is entered: the first chunks run in baseline code, the others are optimised.
 */
export function writeInnerLoop(body: FunctionBody): void {
  const exitDepth = 0;
  const fuel = body.addLocal(I32);
  const local: LoopLocals = {
    ip: body.addLocal(I32),
    frame: body.addLocal(I32),
    exitFrame: body.addLocal(I32),
    wideA: body.addLocal(I64),
    wideB: body.addLocal(I64),
    wideC: body.addLocal(I64),
    wordA: body.addLocal(I32),
    wordB: body.addLocal(I32),
  };
  const cell = (load: number, at: number): void => {
    body.i32Const(0);
    body.memory(load, at);
  };

  cell(Wasm.i32Load, InterpreterCell.code);
  cell(Wasm.i32Load, Cell.pc);
  body.i32Const(INSTRUCTION_BYTES);
  body.op(Wasm.i32Mul);
  body.op(Wasm.i32Add);
  body.localSet(local.ip);
  cell(Wasm.i32Load, Cell.depth);
  body.i32Const(FRAME_BYTES);
  body.op(Wasm.i32Mul);
  body.localSet(local.frame);
  body.localGet(exitDepth);
  body.i32Const(FRAME_BYTES);
  body.op(Wasm.i32Mul);
  body.localSet(local.exitFrame);
  // fuel = min(meter, chunk), taken out of the cell.
  cell(Wasm.i64Load, Cell.meter);
  body.localSet(local.wideA);
  cell(Wasm.i64Load32U, InterpreterCell.chunk);
  body.localTee(local.wideB);
  body.localGet(local.wideA);
  body.localGet(local.wideB);
  body.localGet(local.wideA);
  body.op(Wasm.i64LtU);
  body.op(Wasm.select);
  body.localSet(local.wideB);
  body.i32Const(0);
  body.localGet(local.wideA);
  body.localGet(local.wideB);
  body.op(Wasm.i64Sub);
  body.memory(Wasm.i64Store, Cell.meter);
  body.localGet(local.wideB);
  body.op(Wasm.i32WrapI64);
  body.localSet(fuel);

  const leave = body.block(I32);
  const next = body.loop();
  for (let copy = 0; copy < COPIES; copy++) {
    const isLast = copy === COPIES - 1;
    const after = isLast ? next : body.block();
    dispatch(body, fuel, new HandlerWriter(body, local, after, leave));
    if (!isLast) body.end();
  }
  body.end();
  body.op(Wasm.unreachable);
  body.end();

  // The answer stays on the stack while the cells are written.
  body.i32Const(0);
  body.localGet(local.ip);
  cell(Wasm.i32Load, InterpreterCell.code);
  body.op(Wasm.i32Sub);
  body.i32Const(INSTRUCTION_BYTES);
  body.op(Wasm.i32DivU);
  body.memory(Wasm.i32Store, Cell.pc);
  body.i32Const(0);
  body.localGet(local.frame);
  body.i32Const(FRAME_BYTES);
  body.op(Wasm.i32DivU);
  body.memory(Wasm.i32Store, Cell.depth);
  body.i32Const(0);
  cell(Wasm.i64Load, Cell.meter);
  body.localGet(fuel);
  body.op(Wasm.i64ExtendI32U);
  body.op(Wasm.i64Add);
  body.memory(Wasm.i64Store, Cell.meter);
  body.finish();
}

/** Pays for the instruction and jumps to its handler; all handlers stand inside, one behind the other. */
function dispatch(body: FunctionBody, fuel: number, writer: HandlerWriter): void {
  const labels: Label[] = handlers.map(() => body.block()).reverse();
  const labelOf = new Map(handlers.map(([code], index) => [code, labels[index]!]));
  const unknown = labelOf.get(Op.Unknown)!;

  body.localGet(fuel);
  body.op(Wasm.i32Eqz);
  writer.leaveIf(Status.OutOfMeter);
  body.localGet(fuel);
  body.i32Const(1);
  body.op(Wasm.i32Sub);
  body.localSet(fuel);
  writer.field(Wasm.i32Load8U, Field.op);
  body.brTable(
    Array.from({ length: CODES }, (_, code) => labelOf.get(code) ?? unknown),
    unknown,
  );
  for (const [, handler] of handlers) {
    body.end();
    handler(writer);
    writer.next(INSTRUCTION_BYTES);
  }
}

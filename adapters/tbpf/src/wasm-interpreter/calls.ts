import { Op as Wasm } from '@switchyard/wasm-builder';
import { framePointer } from '../interpreter/machine.ts';
import { Step } from '../interpreter/step.ts';
import { Op } from '../isa/op.ts';
import { InterpreterCell } from '../linear/interpreter-cells.ts';
import { CELL_BYTES, Cell, FRAME_BYTES, INSTRUCTION_BYTES, Status } from '../linear/layout.ts';
import { Code, Field, MEMORY_SYSCALLS } from './instruction.ts';
import { type Handler, type HandlerTable, type HandlerWriter, Leave } from './writer.ts';

/** The frames follow the cells. */
const FRAMES = CELL_BYTES;

/** r6 to r10 are saved, one u64 after the other, then the linear address to return to. */
const FIRST_SAVED = 6;
const SAVED = 5;
const RETURN = SAVED * 8;

const FRAME_POINTER_CELL = Cell.registers + framePointer * 8;

/** What a function start marker looks like when predecoded: `add64 r10, imm` (spec §1.2). */
const MARKER_OP: number = Op.Add64Imm;
const MARKER_DST = framePointer * 8;

/** Saves the frame, counts it, moves r10 (spec §6.1). A full stack wins over a bad target. */
function pushFrame(w: HandlerWriter): void {
  const { body, local } = w;
  for (let i = 0; i < SAVED; i++) {
    body.localGet(local.frame);
    w.cell(Wasm.i64Load, Cell.registers + (FIRST_SAVED + i) * 8);
    body.memory(Wasm.i64Store, FRAMES + i * 8);
  }
  body.localGet(local.frame);
  body.localGet(local.ip);
  body.i32Const(INSTRUCTION_BYTES);
  body.op(Wasm.i32Add);
  body.memory(Wasm.i32Store, FRAMES + RETURN);
  body.localGet(local.frame);
  body.i32Const(FRAME_BYTES);
  body.op(Wasm.i32Add);
  body.localTee(local.frame);
  w.cell(Wasm.i32Load, InterpreterCell.frameLimit);
  body.op(Wasm.i32GeU);
  w.leaveIf(Status.CallDepthExceeded);
  body.i32Const(0);
  w.cell(Wasm.i64Load, FRAME_POINTER_CELL);
  w.cell(Wasm.i64Load, InterpreterCell.frameStep);
  body.op(Wasm.i64Add);
  body.memory(Wasm.i64Store, FRAME_POINTER_CELL);
}

const callFunction: Handler = (w) => {
  pushFrame(w);
  w.jump(() => w.field(Wasm.i32Load, Field.operand));
};

const callOutside: Handler = (w) => {
  pushFrame(w);
  w.leave(Status.CallOutsideTextSegment);
};

/** The register is read before the frame is pushed; the low three bits of the byte offset are ignored (spec §6.3). */
const callx: Handler = (w) => {
  const { body, local } = w;
  w.src64();
  w.cell(Wasm.i64Load, InterpreterCell.textAddress);
  body.op(Wasm.i64Sub);
  body.i64Const(3);
  body.op(Wasm.i64ShrU);
  body.localSet(local.wideA);
  pushFrame(w);
  body.localGet(local.wideA);
  w.cell(Wasm.i32Load, InterpreterCell.codeEnd);
  w.cell(Wasm.i32Load, InterpreterCell.code);
  body.op(Wasm.i32Sub);
  body.i32Const(4);
  body.op(Wasm.i32ShrU);
  body.op(Wasm.i64ExtendI32U);
  body.op(Wasm.i64GeU);
  w.leaveIf(Status.CallOutsideTextSegment);
  w.cell(Wasm.i32Load, InterpreterCell.code);
  body.localGet(local.wideA);
  body.op(Wasm.i32WrapI64);
  body.i32Const(4);
  body.op(Wasm.i32Shl);
  body.op(Wasm.i32Add);
  body.localSet(local.wordA);
  w.cell(Wasm.i32Load, InterpreterCell.strictCallx);
  body.if();
  for (const [field, wanted] of [
    [Field.op, MARKER_OP],
    [Field.dst, MARKER_DST],
  ] as const) {
    body.localGet(local.wordA);
    body.memory(Wasm.i32Load8U, field);
    body.i32Const(wanted);
    body.op(Wasm.i32Ne);
    w.leaveIf(Status.UnsupportedInstruction);
  }
  body.end();
  w.jump(() => body.localGet(local.wordA));
};

/** Ends the loop, or restores the caller's frame (spec §6.4). */
const exit: Handler = (w) => {
  const { body, local } = w;
  body.localGet(local.frame);
  body.localGet(local.exitFrame);
  body.op(Wasm.i32Eq);
  w.leaveIf(Status.Done);
  body.localGet(local.frame);
  body.i32Const(FRAME_BYTES);
  body.op(Wasm.i32Sub);
  body.localSet(local.frame);
  for (let i = 0; i < SAVED; i++) {
    body.i32Const(0);
    body.localGet(local.frame);
    body.memory(Wasm.i64Load, FRAMES + i * 8);
    body.memory(Wasm.i64Store, Cell.registers + (FIRST_SAVED + i) * 8);
  }
  body.localGet(local.frame);
  body.memory(Wasm.i32Load, FRAMES + RETURN);
  body.localTee(local.wordA);
  w.cell(Wasm.i32Load, InterpreterCell.codeEnd);
  body.op(Wasm.i32Eq);
  w.leaveIf(Status.CallOutsideTextSegment);
  w.jump(() => body.localGet(local.wordA));
};

/** Calls, returns, and what ends a run by itself. */
export const callHandlers: HandlerTable = [
  [Step.CallFunction, callFunction],
  [Step.CallOutside, callOutside],
  [Op.Callx, callx],
  [Op.Exit, exit],
  [Step.CallSyscall, (w) => w.leave(Leave.syscall)],
  ...Array.from({ length: MEMORY_SYSCALLS }, (_, index): HandlerTable[number] => [
    Code.memorySyscalls + index,
    (w) => w.leave(Leave.memorySyscall),
  ]),
  [Step.Overrun, (w) => w.leave(Status.ExecutionOverrun)],
  [Op.Unknown, (w) => w.leave(Status.UnsupportedInstruction)],
];

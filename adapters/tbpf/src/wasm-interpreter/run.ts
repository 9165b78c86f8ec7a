import { type FunctionBody, I32, Op as Wasm } from '@switchyard/wasm-builder';
import { InterpreterCell } from '../linear/interpreter-cells.ts';
import { Cell, INSTRUCTION_BYTES, Status } from '../linear/layout.ts';
import { Code, Field } from './instruction.ts';
import { memorySyscalls } from './memory-syscall-names.ts';
import type { MemoryFunctions } from './memory-syscalls.ts';
import { Leave } from './writer.ts';

/** Functions that `run` calls, by index. */
export interface RunFunctions {
  readonly loop: number;
  readonly access: number;
  readonly memory: MemoryFunctions;
  readonly syscall: number;
  readonly refill: number;
}

/** Writes `run(exitDepth: i32) -> i32`: enters the inner loop, and does what it leaves for, until the run has ended. */
export function writeRun(body: FunctionBody, functions: RunFunctions): void {
  const exitDepth = 0;
  const status = body.addLocal(I32);
  const ip = body.addLocal(I32);
  const cell = (load: number, at: number): void => {
    body.i32Const(0);
    body.memory(load, at);
  };
  const isStatus = (value: number): void => {
    body.localGet(status);
    body.i32Const(value);
    body.op(Wasm.i32Eq);
  };
  const goOnBehind = (): void => {
    body.i32Const(0);
    cell(Wasm.i32Load, Cell.pc);
    body.i32Const(1);
    body.op(Wasm.i32Add);
    body.memory(Wasm.i32Store, Cell.pc);
    body.br(again);
  };

  const again = body.loop();
  body.localGet(exitDepth);
  body.call(functions.loop);
  body.localTee(status);
  body.i32Const(Leave.access);
  body.op(Wasm.i32Eq);
  body.if();
  body.call(functions.access);
  body.localTee(status);
  body.op(Wasm.i32Eqz);
  body.brIf(again);
  body.localGet(status);
  body.op(Wasm.return);
  body.end();

  isStatus(Status.OutOfMeter);
  body.if();
  // Only the chunk may have come to its end.
  cell(Wasm.i64Load, Cell.meter);
  body.op(Wasm.i64Eqz);
  body.op(Wasm.i32Eqz);
  body.brIf(again);
  body.call(functions.refill);
  body.brIf(again);
  body.i32Const(Status.OutOfMeter);
  body.op(Wasm.return);
  body.end();

  body.localGet(status);
  body.i32Const(Leave.access);
  body.op(Wasm.i32LtU);
  body.if();
  body.localGet(status);
  body.op(Wasm.return);
  body.end();

  // A syscall. The host finds its place and its meter in the cells.
  cell(Wasm.i32Load, InterpreterCell.code);
  cell(Wasm.i32Load, Cell.pc);
  body.i32Const(INSTRUCTION_BYTES);
  body.op(Wasm.i32Mul);
  body.op(Wasm.i32Add);
  body.localSet(ip);
  isStatus(Leave.memorySyscall);
  body.if();
  const refused = body.block();
  const cases = memorySyscalls.map(() => body.block()).reverse();
  body.localGet(ip);
  body.memory(Wasm.i32Load8U, Field.op);
  body.i32Const(Code.memorySyscalls);
  body.op(Wasm.i32Sub);
  body.brTable(cases, cases[0]!);
  for (const name of memorySyscalls) {
    body.end();
    const parameters = name === 'memcmp' ? 4 : 3;
    for (let i = 1; i <= parameters; i++) cell(Wasm.i64Load, Cell.registers + i * 8);
    body.call(functions.memory[name]);
    body.brIf(refused);
    goOnBehind();
  }
  body.end();
  body.end();
  body.localGet(ip);
  body.memory(Wasm.i32Load, Field.operand);
  body.call(functions.syscall);
  body.if();
  body.i32Const(Status.SyscallFault);
  body.op(Wasm.return);
  body.end();
  goOnBehind();
  body.end();
  body.op(Wasm.unreachable);
  body.finish();
}

/** Writes `resume(exitDepth: i32)`: `run` for compiled code, which is told of anything but Done by being unwound. */
export function writeResume(
  body: FunctionBody,
  functions: { readonly run: number; readonly unwind: number },
): void {
  const exitDepth = 0;
  const status = body.addLocal(I32);
  body.i32Const(0);
  body.i32Const(0);
  body.memory(Wasm.i32Load, Cell.coldExits);
  body.i32Const(1);
  body.op(Wasm.i32Add);
  body.memory(Wasm.i32Store, Cell.coldExits);
  body.localGet(exitDepth);
  body.call(functions.run);
  body.localTee(status);
  body.if();
  body.i32Const(0);
  body.localGet(status);
  body.memory(Wasm.i32Store, Cell.status);
  body.call(functions.unwind);
  body.end();
  body.finish();
}

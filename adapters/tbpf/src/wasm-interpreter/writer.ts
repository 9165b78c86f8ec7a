import { type FunctionBody, type Label, Op as Wasm } from '@switchyard/wasm-builder';
import type { Status } from '../linear/layout.ts';
import { Cell } from '../linear/layout.ts';
import { Field } from './instruction.ts';

/** Where the second operand of an instruction comes from. */
export type Operand = 'imm' | 'reg';

/** The inner loop's locals, by index. */
export interface LoopLocals {
  /** i32: linear address of the current instruction. */
  readonly ip: number;
  /** i32: bytes of the frames in use. */
  readonly frame: number;
  /** i32: the same for the frame at whose exit the loop ends. */
  readonly exitFrame: number;
  /** i64, for anything inside one handler. */
  readonly wideA: number;
  readonly wideB: number;
  readonly wideC: number;
  /** i32, likewise. */
  readonly wordA: number;
  readonly wordB: number;
}

/** Why the inner loop returns to the functions around it, besides the `Status`es: they do the rest and enter it again. */
export const Leave = {
  /** An access that the fast handlers leave to `access`. */
  access: 32,
  syscall: 33,
  /** A memory syscall that may be done without the host. */
  memorySyscall: 34,
} as const;

/** Writes the handlers of the inner loop: the forms that all of them use. */
export class HandlerWriter {
  constructor(
    readonly body: FunctionBody,
    readonly local: LoopLocals,
    private readonly nextLabel: Label,
    private readonly leaveLabel: Label,
  ) {}

  /** Pushes the destination register. */
  dst64(): void {
    this.register(Field.dst, Wasm.i64Load);
  }

  dst32(): void {
    this.register(Field.dst, Wasm.i32Load);
  }

  src64(): void {
    this.register(Field.src, Wasm.i64Load);
  }

  src32(): void {
    this.register(Field.src, Wasm.i32Load);
  }

  /** Pushes the second operand. */
  operand64(operand: Operand): void {
    if (operand === 'reg') this.src64();
    else this.immediate64();
  }

  operand32(operand: Operand): void {
    if (operand === 'reg') this.src32();
    else this.field(Wasm.i32Load, Field.immediate);
  }

  immediate64(): void {
    this.field(Wasm.i64Load, Field.immediate);
  }

  /** Pushes a field of the instruction. */
  field(load: number, offset: number): void {
    this.body.localGet(this.local.ip);
    this.body.memory(load, offset);
  }

  /** Sets the destination register to the i64 that `value` pushes. */
  setDst(value: () => void): void {
    this.field(Wasm.i32Load8U, Field.dst);
    value();
    this.body.memory(Wasm.i64Store, Cell.registers);
  }

  /** Pushes a cell. */
  cell(load: number, offset: number): void {
    this.body.i32Const(0);
    this.body.memory(load, offset);
  }

  /** Goes on behind this instruction. */
  next(bytes: number): void {
    const { body, local } = this;
    body.localGet(local.ip);
    body.i32Const(bytes);
    body.op(Wasm.i32Add);
    body.localSet(local.ip);
    body.br(this.nextLabel);
  }

  /** Goes on at the linear address that `target` pushes. */
  jump(target: () => void): void {
    target();
    this.body.localSet(this.local.ip);
    this.body.br(this.nextLabel);
  }

  /** Ends the loop at this instruction. */
  leave(reason: Status | number): void {
    this.body.i32Const(reason);
    this.body.br(this.leaveLabel);
  }

  /** Ends the loop when the i32 on the stack isn't 0. */
  leaveIf(reason: Status | number): void {
    this.body.if();
    this.leave(reason);
    this.body.end();
  }

  private register(field: number, load: number): void {
    this.field(Wasm.i32Load8U, field);
    this.body.memory(load, Cell.registers);
  }
}

/** Writes what one instruction does; the loop goes on behind it unless it jumps or leaves. */
export type Handler = (w: HandlerWriter) => void;

/** Handlers by `Op`, `Step` or `Code`. */
export type HandlerTable = readonly (readonly [code: number, handler: Handler])[];

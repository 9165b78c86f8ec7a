import { type FunctionBody, I32, type Label, Op as W } from '@switchyard/wasm-builder';
import { Cell } from '../linear/layout.ts';
import type { CompilerContext } from './context.ts';
import { NO_LOCAL, REGISTERS, RegisterEmitter } from './register-emitter.ts';

/**
 * What compiled code cannot do, or what is rare, is a *cold exit*: it hands the frame over to tier 0 at an exact slot, with exact registers
 * and meter, which finishes the function; then the function returns. All cold exits of a function share one piece of code behind it, so
 * registers that are dead at an exit are zeroed there: else they would all stay alive everywhere for the sake of that piece.
 */
export class ColdExitEmitter extends RegisterEmitter {
  /** Registers (bits) that are live before the instruction at a slot. */
  readonly live: Uint16Array;
  /** Instructions of the segment at hand that are charged and not done yet; negative: done and not charged yet. */
  ahead = 0;
  readonly #pcLocal: number;
  #coldLabel: Label = 0;

  constructor(context: CompilerContext, body: FunctionBody, index: number) {
    super(context, body, index);
    this.live = context.live;
    this.#pcLocal = body.addLocal(I32);
  }

  /** Opens the construct whose end cold exits go to. */
  protected openCold(): void {
    this.#coldLabel = this.body.block();
  }

  /** Goes to tier 0 with everything as it is. */
  protected coldAsIs(pc: number): void {
    this.body.i32Const(pc);
    this.body.localSet(this.#pcLocal);
    this.body.br(this.#coldLabel);
  }

  /** Leaves to tier 0 at a slot whose instruction is charged ahead and not done. */
  cold(pc: number): void {
    const { body } = this;
    body.i32Const(pc);
    body.localSet(this.#pcLocal);
    if (this.ahead !== 0 && this.meterLocal !== NO_LOCAL) {
      body.localGet(this.meterLocal);
      body.i64Const(this.ahead);
      body.op(W.i64Add);
      body.localSet(this.meterLocal);
    }
    const dead = this.used & ~this.live[pc]!;
    for (let r = 0; r < REGISTERS; r++) {
      if ((dead & (1 << r)) === 0) continue;
      body.i64Const(0);
      this.setRegister(r);
    }
    body.br(this.#coldLabel);
  }

  /** The same when the i32 on the stack isn't 0. */
  coldIf(pc: number): void {
    this.body.if();
    this.cold(pc);
    this.body.end();
  }

  /** The same when one of the tests leaves an i32 that isn't 0. Each is a branch of its own: joining flags takes more instructions. */
  coldIfAny(pc: number, tests: readonly (() => void)[]): void {
    const { body } = this;
    if (tests.length === 0) return;
    const end = body.block();
    const isCold = body.block();
    for (const test of tests) {
      test();
      body.brIf(isCold);
    }
    body.br(end);
    body.end();
    this.cold(pc);
    body.end();
  }

  /** Writes what all cold exits of the function share; nothing but they lead here. */
  protected emitColdExit(): void {
    const { body, context } = this;
    for (let r = 0; r < REGISTERS; r++) {
      if ((this.used & (1 << r)) === 0) continue;
      body.i32Const(0);
      this.pushRegister(r);
      body.memory(W.i64Store, Cell.registers + 8 * r);
    }
    this.storeMachine();
    body.i32Const(0);
    body.localGet(this.#pcLocal);
    body.memory(W.i32Store, Cell.pc);
    this.pushDepth();
    body.call(context.imports.resume);
    for (let r = 0; r < REGISTERS; r++) {
      if ((this.results & (1 << r)) === 0) continue;
      body.i32Const(0);
      body.memory(W.i64Load, Cell.registers + 8 * r);
    }
    if (this.meterLocal !== NO_LOCAL) {
      body.i32Const(0);
      body.memory(W.i64Load, Cell.meter);
    }
  }
}

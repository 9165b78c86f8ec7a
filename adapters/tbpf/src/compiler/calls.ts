import { I32, I64, type Label, Op as W } from '@switchyard/wasm-builder';
import { Cell } from '../linear/layout.ts';
import { UNBOUNDED } from './bounds.ts';
import type { FunctionEmitter } from './function-emitter.ts';

const REGISTERS = 10;
const NO_LOCAL = -1;

/** Writes calls: of functions, by address, of syscalls. */
export class CallEmitter {
  readonly #emitter: FunctionEmitter;
  #pcLocal = NO_LOCAL;
  #wideLocal = NO_LOCAL;

  constructor(emitter: FunctionEmitter) {
    this.#emitter = emitter;
  }

  /** Leaves 1 when there are not so many frames left below the function's own: in the last one every call fails (spec §6.1). */
  pushDepthTest(frames: number): void {
    const { body, frameLocal, depthLocal, context } = this.#emitter;
    const { dynamicFrames, maxCallDepth, frameSize, layout } = context.input;
    const limit = Math.max(0, maxCallDepth - frames);
    body.localGet(dynamicFrames ? depthLocal : frameLocal);
    body.i32Const(dynamicFrames ? limit : layout.stack + limit * frameSize);
    body.op(W.i32GeU);
  }

  /** `call` of the function at slot `target`. */
  call(place: number, pc: number, target: number): void {
    const emitter = this.#emitter;
    const { body, context } = emitter;
    const { input, set, liveness } = context;
    if (pc + 1 >= input.length) {
      // It returns to behind the text, which is an error that tier 0 makes.
      emitter.cold(pc);
      return;
    }
    const callee = set.functionAt[target]!;
    const parameters = liveness.parameters[callee]!;
    for (let r = 0; r < REGISTERS; r++) if ((parameters & (1 << r)) !== 0) emitter.pushRegister(r);
    this.#pushNextFrame();
    if (emitter.meterLocal !== NO_LOCAL) body.localGet(emitter.meterLocal);
    body.call(context.functionIndex(callee));
    if (emitter.meterLocal !== NO_LOCAL) body.localSet(emitter.meterLocal);
    const results = liveness.results[callee]!;
    for (let r = REGISTERS - 1; r >= 0; r--) if ((results & (1 << r)) !== 0) emitter.setRegister(r);
    emitter.openSegment(place, pc + 1, context.bounds.cost(callee) === UNBOUNDED);
  }

  #pushNextFrame(): void {
    const { body, frameLocal, framePointerLocal, depthLocal, context } = this.#emitter;
    const { dynamicFrames, frameSize } = context.input;
    if (dynamicFrames) {
      body.localGet(framePointerLocal);
      body.localGet(depthLocal);
      body.i32Const(1);
    } else {
      body.localGet(frameLocal);
      body.i32Const(frameSize);
    }
    body.op(W.i32Add);
  }

  /**
   * `callx`: registers go through their cells, by which a uniform adapter calls the function; a place that has none is run by tier 0. An
   * address outside the text, or in V3 and later one that is no function, is a cold exit.
   */
  callx(place: number, pc: number, s: number): void {
    const emitter = this.#emitter;
    const { body, context } = emitter;
    const { input } = context;
    if (pc + 1 >= input.length) {
      emitter.cold(pc);
      return;
    }
    if (this.#pcLocal === NO_LOCAL) this.#pcLocal = body.addLocal(I32);
    if (this.#wideLocal === NO_LOCAL) this.#wideLocal = body.addLocal(I64);
    const target = this.#pcLocal;
    const wide = this.#wideLocal;
    emitter.pushRegister(s);
    body.i64Const(input.textLow, input.textHigh);
    body.op(W.i64Sub);
    body.i64Const(3, 0);
    body.op(W.i64ShrU);
    body.localTee(wide);
    body.i64Const(input.length, 0);
    body.op(W.i64GeU);
    emitter.coldIf(pc);
    body.localGet(wide);
    body.op(W.i32WrapI64);
    body.call(context.callxLookup());
    body.localSet(target);
    if (input.markedFunctions) {
      body.localGet(target);
      body.i32Const(0);
      body.op(W.i32LtS);
      emitter.coldIf(pc);
    }
    for (let r = 0; r < REGISTERS; r++) {
      body.i32Const(0);
      emitter.pushRegister(r);
      body.memory(W.i64Store, Cell.registers + 8 * r);
    }
    const type = context.adapterType();
    if (input.markedFunctions) {
      this.#pushAdapterArguments();
      body.localGet(target);
      body.callIndirect(type);
    } else {
      body.localGet(target);
      body.i32Const(0);
      body.op(W.i32GeS);
      body.if(input.metered ? I64 : undefined);
      this.#pushAdapterArguments();
      body.localGet(target);
      body.callIndirect(type);
      body.else();
      this.#runInTier0(wide);
      body.end();
    }
    if (emitter.meterLocal !== NO_LOCAL) body.localSet(emitter.meterLocal);
    for (let r = 0; r <= 5; r++) {
      if ((emitter.live[pc + 1]! & (1 << r)) === 0) continue;
      body.i32Const(0);
      body.memory(W.i64Load, Cell.registers + 8 * r);
      emitter.setRegister(r);
    }
    emitter.openSegment(place, pc + 1);
  }

  #pushAdapterArguments(): void {
    const { body, meterLocal } = this.#emitter;
    this.#pushNextFrame();
    if (meterLocal !== NO_LOCAL) body.localGet(meterLocal);
  }

  /** The callee as a frame of tier 0; leaves the meter. `target` is its slot as i64. */
  #runInTier0(target: number): void {
    const emitter = this.#emitter;
    const { body, context } = emitter;
    const { dynamicFrames, frameSize, gapped } = context.input;
    body.i32Const(0);
    emitter.pushRegister(10);
    if (!dynamicFrames) {
      body.i64Const(gapped ? 2 * frameSize : frameSize, 0);
      body.op(W.i64Add);
    }
    body.memory(W.i64Store, Cell.registers + 80);
    body.i32Const(0);
    emitter.pushDepth();
    body.i32Const(1);
    body.op(W.i32Add);
    body.memory(W.i32Store, Cell.depth);
    body.i32Const(0);
    body.localGet(target);
    body.op(W.i32WrapI64);
    body.memory(W.i32Store, Cell.pc);
    emitter.storeMeter();
    emitter.pushDepth();
    body.i32Const(1);
    body.op(W.i32Add);
    body.call(context.imports.resume);
    if (emitter.meterLocal !== NO_LOCAL) {
      body.i32Const(0);
      body.memory(W.i64Load, Cell.meter);
    }
  }

  /** A syscall; the common memory syscalls without leaving WebAssembly. */
  syscall(place: number, pc: number, index: number): void {
    const emitter = this.#emitter;
    const { body, context } = emitter;
    const which = context.input.memorySyscall[index]!;
    if (which < 0) {
      this.#hostSyscall(pc, index);
    } else {
      const done = body.block();
      const slow = body.block();
      this.#memorySyscall(pc, index, which, slow);
      body.br(done);
      body.end();
      this.#hostSyscall(pc, index);
      body.end();
    }
    emitter.openSegment(place, pc + 1);
  }

  /** Goes to `slow` with nothing changed where the host has to do it, be it only for the exact error. */
  #memorySyscall(pc: number, index: number, which: number, slow: Label): void {
    const emitter = this.#emitter;
    const { body, context } = emitter;
    body.i32Const(0);
    body.memory(W.i32Load, Cell.hostSyscallsOnly);
    body.brIf(slow);
    emitter.storeMeter();
    for (let r = 1; r <= context.input.syscallArity[index]!; r++) emitter.pushRegister(r);
    body.call(context.imports.memory[which]!);
    body.brIf(slow);
    this.#loadResult(pc);
  }

  /** It reads its arguments, the meter and its slot from the cells, and leaves r0 and the meter there. */
  #hostSyscall(pc: number, index: number): void {
    const emitter = this.#emitter;
    const { body, context } = emitter;
    for (let r = 1; r <= context.input.syscallArity[index]!; r++) {
      body.i32Const(0);
      emitter.pushRegister(r);
      body.memory(W.i64Store, Cell.registers + 8 * r);
    }
    emitter.storeMeter();
    body.i32Const(0);
    body.i32Const(pc);
    body.memory(W.i32Store, Cell.pc);
    body.i32Const(0);
    emitter.pushDepth();
    body.memory(W.i32Store, Cell.depth);
    body.i32Const(index);
    body.call(context.imports.syscall);
    body.if();
    body.call(context.imports.unwind);
    body.op(W.unreachable);
    body.end();
    this.#loadResult(pc);
  }

  #loadResult(pc: number): void {
    const emitter = this.#emitter;
    const { body } = emitter;
    if (emitter.meterLocal !== NO_LOCAL) {
      body.i32Const(0);
      body.memory(W.i64Load, Cell.meter);
      body.localSet(emitter.meterLocal);
    }
    if ((emitter.live[pc + 1]! & 1) !== 0) {
      body.i32Const(0);
      body.memory(W.i64Load, Cell.registers);
      emitter.setRegister(0);
    }
  }
}

import { type FunctionBody, I64, Op as W } from '@switchyard/wasm-builder';
import { Cell } from '../linear/layout.ts';
import type { CompilerContext } from './context.ts';
import type { TbpfFunction } from './functions.ts';
import type { HelperName } from './helpers.ts';
import { registersOf } from './used-registers.ts';

export const REGISTERS = 10;
const FRAME_POINTER = 10;
export const NO_LOCAL = -1;

/** The registers and the machine's state as locals of the function that is being written. */
export class RegisterEmitter {
  readonly context: CompilerContext;
  readonly body: FunctionBody;
  readonly one: TbpfFunction;
  /** Local of the frame's base; valid where the frame plan has a span, and always in V0. */
  frameLocal = NO_LOCAL;
  /** V1 and later. */
  readonly framePointerLocal: number = NO_LOCAL;
  readonly depthLocal: number = NO_LOCAL;
  readonly meterLocal: number = NO_LOCAL;
  /** Registers (bits of r0–r9) that have a local. */
  protected readonly used: number;
  /** Registers (bits of r0–r5) that the function gives. */
  protected readonly results: number;
  readonly #locals = new Int32Array(REGISTERS).fill(NO_LOCAL);

  constructor(context: CompilerContext, body: FunctionBody, index: number) {
    const { input, set, liveness } = context;
    this.context = context;
    this.body = body;
    this.one = set.functions[index]!;
    const parameters = liveness.parameters[index]!;
    this.results = liveness.results[index]!;
    let next = 0;
    for (let r = 0; r < REGISTERS; r++) if ((parameters & (1 << r)) !== 0) this.#locals[r] = next++;
    if (input.dynamicFrames) {
      this.framePointerLocal = next++;
      this.depthLocal = next++;
    } else {
      this.frameLocal = next++;
    }
    if (input.metered) this.meterLocal = next++;
    this.used = registersOf(context, this.one) | this.results | parameters;
    for (let r = 0; r < REGISTERS; r++) {
      if ((this.used & (1 << r)) !== 0 && this.#locals[r] === NO_LOCAL) this.#locals[r] = body.addLocal(I64);
    }
  }

  pushRegister(register: number): void {
    if (register === FRAME_POINTER) this.#pushFramePointer();
    else this.body.localGet(this.#locals[register]!);
  }

  pushRegister32(register: number): void {
    this.pushRegister(register);
    this.body.op(W.i32WrapI64);
  }

  /** From an i64 on the stack. */
  setRegister(register: number): void {
    this.body.localSet(register === FRAME_POINTER ? this.framePointerLocal : this.#locals[register]!);
  }

  /** From an i32 on the stack. */
  setRegister32(register: number, extension: 'zero' | 'sign'): void {
    this.body.op(extension === 'zero' ? W.i64ExtendI32U : W.i64ExtendI32S);
    this.setRegister(register);
  }

  pushOperand64(operand: 'imm' | 'imm-zero-extended' | 'reg', register: number, imm: number): void {
    if (operand === 'reg') this.pushRegister(register);
    else if (operand === 'imm') this.body.i64Const(imm);
    else this.body.i64Const(imm, 0);
  }

  pushOperand32(operand: 'imm' | 'imm-zero-extended' | 'reg', register: number, imm: number): void {
    if (operand === 'reg') this.pushRegister32(register);
    else this.body.i32Const(imm);
  }

  callHelper(name: HelperName): void {
    this.body.call(this.context.helpers.index(name));
  }

  /** r10 as the program sees it. In V0 from the frame: r10 = stack + F + depth · step, and the frame lies at base + depth · F. */
  #pushFramePointer(): void {
    const { body, context } = this;
    const { dynamicFrames, frameSize, gapped, layout } = context.input;
    if (dynamicFrames) {
      body.localGet(this.framePointerLocal);
      return;
    }
    body.localGet(this.frameLocal);
    body.i32Const(layout.stack);
    body.op(W.i32Sub);
    body.op(W.i64ExtendI32U);
    if (gapped) {
      body.i64Const(1, 0);
      body.op(W.i64Shl);
    }
    body.i64Const(frameSize, 2);
    body.op(W.i64Add);
  }

  /** Writes r10, depth and meter to their cells. */
  storeMachine(): void {
    const { body } = this;
    body.i32Const(0);
    this.pushRegister(FRAME_POINTER);
    body.memory(W.i64Store, Cell.registers + 8 * FRAME_POINTER);
    body.i32Const(0);
    this.pushDepth();
    body.memory(W.i32Store, Cell.depth);
    this.storeMeter();
  }

  storeMeter(): void {
    if (this.meterLocal === NO_LOCAL) return;
    this.body.i32Const(0);
    this.body.localGet(this.meterLocal);
    this.body.memory(W.i64Store, Cell.meter);
  }

  pushDepth(): void {
    const { body, context } = this;
    const { dynamicFrames, frameSize, layout } = context.input;
    if (dynamicFrames) {
      body.localGet(this.depthLocal);
      return;
    }
    body.localGet(this.frameLocal);
    body.i32Const(layout.stack);
    body.op(W.i32Sub);
    body.i32Const(frameSize);
    body.op(W.i32DivU);
  }
}

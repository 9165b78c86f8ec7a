import {
  type FlowAnalysis,
  type FunctionBody,
  I32,
  I64,
  type Label,
  Terminator,
  Op as W,
} from '@switchyard/wasm-builder';
import { Cell } from '../linear/layout.ts';
import { ALU } from './alu.ts';
import { slotsOf } from './blocks.ts';
import { emitBranchCondition } from './branches.ts';
import { CallEmitter } from './calls.ts';
import type { CompilerContext } from './context.ts';
import type { FramePlan } from './frame-plan.ts';
import type { TbpfFunction } from './functions.ts';
import type { HelperName } from './helpers.ts';
import { MemoryEmitter } from './memory.ts';
import { FORM, Form } from './steps.ts';

const REGISTERS = 10;
const FRAME_POINTER = 10;
const NO_LOCAL = -1;

/**
 * Writes one function. Its parameters: the registers that live into it, then the frame (V0: i32, linear address of the frame's first byte;
 * later: r10 as i64 and the call depth as i32), then the meter (i64). Its results: the registers that its callers read, and the meter.
 *
 * What compiled code cannot do, or what is rare, is a *cold exit*: it hands the frame over to tier 0 at an exact slot, with exact registers
 * and meter, which finishes the function; then the function returns. All cold exits of a function share one piece of code behind it, so
 * registers that are dead at an exit are zeroed there: else they would all stay alive everywhere for the sake of that piece.
 */
export class FunctionEmitter {
  readonly context: CompilerContext;
  readonly body: FunctionBody;
  readonly one: TbpfFunction;
  readonly frame: FramePlan;
  /** Registers (bits) that are live before the instruction at a slot. */
  readonly live: Uint16Array;
  readonly memory: MemoryEmitter;
  readonly calls: CallEmitter;
  /** Local of the frame's base; valid where the frame plan has a span, and always in V0. */
  frameLocal = NO_LOCAL;
  /** V1 and later. */
  framePointerLocal = NO_LOCAL;
  depthLocal = NO_LOCAL;
  meterLocal = NO_LOCAL;
  /** Instructions of the segment at hand that are charged and not done yet; negative: done and not charged yet. */
  ahead = 0;
  readonly #locals = new Int32Array(REGISTERS).fill(NO_LOCAL);
  readonly #index: number;
  readonly #used: number;
  readonly #results: number;
  readonly #pcLocal: number;
  #coldLabel: Label = 0;
  #flow: FlowAnalysis | undefined;
  #unrolls = false;

  constructor(context: CompilerContext, body: FunctionBody, index: number, frame: FramePlan) {
    const { input, set, liveness } = context;
    this.context = context;
    this.body = body;
    this.#index = index;
    this.one = set.functions[index]!;
    this.frame = frame;
    this.live = context.live;
    const parameters = liveness.parameters[index]!;
    this.#results = liveness.results[index]!;
    let next = 0;
    for (let r = 0; r < REGISTERS; r++) if ((parameters & (1 << r)) !== 0) this.#locals[r] = next++;
    if (input.dynamicFrames) {
      this.framePointerLocal = next++;
      this.depthLocal = next++;
    } else {
      this.frameLocal = next++;
    }
    if (input.metered) this.meterLocal = next++;
    this.#used = registersOf(context, this.one) | this.#results | parameters;
    for (let r = 0; r < REGISTERS; r++) {
      if ((this.#used & (1 << r)) !== 0 && this.#locals[r] === NO_LOCAL) this.#locals[r] = body.addLocal(I64);
    }
    this.#pcLocal = body.addLocal(I32);
    if (input.dynamicFrames && frame.span > 0) this.frameLocal = body.addLocal(I32);
    this.memory = new MemoryEmitter(this);
    this.calls = new CallEmitter(this);
  }

  /** Writes the whole function, which has so many loops. */
  emit(flow: FlowAnalysis, loops: number): void {
    const { body, context } = this;
    this.#flow = flow;
    this.#unrolls = context.input.metered && loops <= MOST_LOOPS_TO_UNROLL;
    this.#coldLabel = body.block();
    this.#emitStart();
    context.controlFlow.emit(flow, body, { emitBlock: (place) => this.#emitBlock(place) });
    body.end();
    this.#emitColdExit();
    body.finish();
  }

  /** Writes a function that tier 0 runs: a large one would take V8's optimising compiler too long. */
  emitCold(): void {
    this.#coldLabel = this.body.block();
    this.body.i32Const(this.one.pc);
    this.body.localSet(this.#pcLocal);
    this.body.br(this.#coldLabel);
    this.body.end();
    this.#emitColdExit();
    this.body.finish();
  }

  // Registers.

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

  // Cold exits.

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
    const dead = this.#used & ~this.live[pc]!;
    for (let r = 0; r < REGISTERS; r++) {
      if ((dead & (1 << r)) === 0) continue;
      body.i64Const(0);
      body.localSet(this.#locals[r]!);
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

  #emitColdExit(): void {
    const { body, context } = this;
    for (let r = 0; r < REGISTERS; r++) {
      if ((this.#used & (1 << r)) === 0) continue;
      body.i32Const(0);
      body.localGet(this.#locals[r]!);
      body.memory(W.i64Store, Cell.registers + 8 * r);
    }
    this.storeMachine();
    body.i32Const(0);
    body.localGet(this.#pcLocal);
    body.memory(W.i32Store, Cell.pc);
    this.pushDepth();
    body.call(context.imports.resume);
    for (let r = 0; r < REGISTERS; r++) {
      if ((this.#results & (1 << r)) === 0) continue;
      body.i32Const(0);
      body.memory(W.i64Load, Cell.registers + 8 * r);
    }
    if (this.meterLocal !== NO_LOCAL) {
      body.i32Const(0);
      body.memory(W.i64Load, Cell.meter);
    }
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

  // Metering.

  /** Leaves to tier 0 unless what is left pays for so many instructions. */
  requireMeter(pc: number, instructions: number): void {
    if (this.meterLocal === NO_LOCAL || instructions === 0) return;
    this.pushMeterTest(instructions);
    this.coldIf(pc);
  }

  pushMeterTest(instructions: number): void {
    this.body.localGet(this.meterLocal);
    this.body.i64Const(instructions, 0);
    this.body.op(W.i64LtS);
  }

  /** Charges the segment that begins at a slot, and what was done before it without being charged; or leaves both to later blocks. */
  #chargeSegment(place: number, pc: number, owed: number): void {
    const { meterPlan } = this.context;
    this.ahead = -owed;
    if (meterPlan.isDeferred(place, pc)) return;
    const instructions = owed + meterPlan.segment(place, pc);
    this.#charge(instructions);
    this.ahead -= owed;
  }

  /** Takes so many instructions, or gives them back where negative. */
  #charge(instructions: number): void {
    this.ahead = instructions;
    if (this.meterLocal === NO_LOCAL || instructions === 0) return;
    this.body.localGet(this.meterLocal);
    this.body.i64Const(instructions);
    this.body.op(W.i64Sub);
    this.body.localSet(this.meterLocal);
  }

  /** Opens the segment behind a call in the same block, with a checkpoint unless the one before the call covers it. */
  openSegment(place: number, pc: number, isCheckpoint = true): void {
    this.ahead = 0;
    if (isCheckpoint) this.requireMeter(pc, this.context.meterPlan.behindCall(place, pc));
    this.#chargeSegment(place, pc, 0);
  }

  // The function from its start to its end.

  #emitStart(): void {
    const { context, one } = this;
    const { input, meterPlan, bounds } = context;
    const tests: (() => void)[] = [];
    if (!bounds.isGuaranteed(this.#index)) {
      // The loop's own checkpoint stands in the loop.
      const isHeader = this.#flow!.isLoopHeader[0] === 1;
      if (input.metered && !isHeader) tests.push(() => this.pushMeterTest(meterPlan.atBlock(0)));
      const frames = bounds.frames(this.#index);
      // Tested here, the calls themselves need no test.
      if (frames > 0) tests.push(() => this.calls.pushDepthTest(frames));
    }
    this.coldIfAny(one.pc, tests);
    this.memory.emitStart();
  }

  #emitBlock(place: number): void {
    const { meterPlan, set } = this.context;
    const start = set.blocks.start[this.one.blocks[place]!]!;
    const isHeader = this.#flow!.isLoopHeader[place] === 1;
    const rounds = isHeader && this.#unrolls ? unrolledRounds(this.context, this.one, place) : 1;
    if (rounds > 1) {
      this.#emitUnrolled(place, start, rounds);
      return;
    }
    this.ahead = 0;
    if (isHeader) this.requireMeter(start, meterPlan.atBlock(place));
    this.#chargeSegment(place, start, meterPlan.owedAt(place));
    this.#emitInstructions(place);
  }

  #emitInstructions(place: number): void {
    const { input, set } = this.context;
    const block = this.one.blocks[place]!;
    const end = set.blocks.end[block]!;
    for (let pc = set.blocks.start[block]!; pc < end; pc += slotsOf(input.code, pc)) {
      this.#emitInstruction(place, pc);
    }
  }

  /**
   * A loop of one short block: several rounds with one checkpoint and one charge, of which an earlier exit gives back what it did not do.
   * Metering a round of five cheap instructions would take a fifth of its time (measured on byte and word copies: 0.81 of the speed without
   * meter, against 0.96 this way). When the rest of the budget does not pay for all rounds, one round is done as usual.
   */
  #emitUnrolled(place: number, start: number, rounds: number): void {
    const { body } = this;
    const { meterPlan } = this.context;
    const { graph } = this.one;
    const cost = meterPlan.segment(place, start);
    const continuesIfTaken = graph.edgeTarget[graph.edgeStart[place]!] === place;
    const pushLeaves = (): void => {
      this.#emitInstructions(place);
      if (continuesIfTaken) body.op(W.i32Eqz);
    };
    const done = body.block();
    const again = body.loop();
    this.pushMeterTest((rounds - 1) * cost + meterPlan.atBlock(place));
    body.if();
    this.ahead = 0;
    this.requireMeter(start, meterPlan.atBlock(place));
    this.#charge(cost);
    pushLeaves();
    body.brIf(done);
    body.br(again);
    body.end();
    this.#charge(rounds * cost);
    for (let left = rounds - 1; left > 0; left--) {
      pushLeaves();
      body.if();
      this.#charge(-left * cost);
      body.br(done);
      body.end();
      this.ahead = left * cost;
    }
    this.#emitInstructions(place);
    if (!continuesIfTaken) body.op(W.i32Eqz);
    body.brIf(again);
    body.end();
    body.end();
    // The loop has been left: what structuring puts behind the block must not take it back.
    body.i32Const(continuesIfTaken ? 0 : 1);
  }

  #emitInstruction(place: number, pc: number): void {
    const { code, immediates } = this.context.input;
    const at = pc * 4;
    const step = code[at]!;
    const d = code[at + 1]!;
    const s = code[at + 2]!;
    const x = code[at + 3]!;
    switch (FORM[step]) {
      case Form.AluImm:
      case Form.AluReg:
      case Form.MovImm:
      case Form.MovReg:
      case Form.Unary:
      case Form.Lddw:
        ALU[step]!(this, pc, d, s, x);
        break;
      case Form.Load:
        this.memory.load(pc, step, d, s, x);
        break;
      case Form.StoreImm:
        this.memory.store(pc, step, d, x, () => this.body.i64Const(immediates[pc]!));
        break;
      case Form.StoreReg:
        this.memory.store(pc, step, d, x, () => this.pushRegister(s));
        break;
      case Form.Jump:
        break;
      case Form.BranchImm:
      case Form.BranchReg:
        emitBranchCondition(this, step, d, s, immediates[pc]!);
        break;
      case Form.Call:
        this.calls.call(place, pc, x);
        return;
      case Form.Callx:
        this.calls.callx(place, pc, s);
        return;
      case Form.Syscall:
        this.calls.syscall(place, pc, x);
        return;
      case Form.Exit:
        this.#emitReturn();
        break;
      default:
        this.cold(pc);
        return;
    }
    this.ahead--;
  }

  #emitReturn(): void {
    const { body } = this;
    for (let r = 0; r < REGISTERS; r++) {
      if ((this.#results & (1 << r)) !== 0) body.localGet(this.#locals[r]!);
    }
    if (this.meterLocal !== NO_LOCAL) body.localGet(this.meterLocal);
    body.op(W.return);
  }
}

/** Rounds of an unrolled loop, and the most instructions that they may have together. */
const ROUNDS = 4;
const MOST_UNROLLED = 32;
/** In a function of more loops, V8's compiler would take too long over all their rounds. */
const MOST_LOOPS_TO_UNROLL = 256;

/** How often the body of a loop is written: more than once for short loops of one block without calls. */
function unrolledRounds(
  { input, set, meterPlan }: CompilerContext,
  one: TbpfFunction,
  place: number,
): number {
  const { edgeStart, edgeTarget, terminator } = one.graph;
  const first = edgeStart[place]!;
  const taken = edgeTarget[first];
  const otherwise = edgeTarget[first + 1];
  if (terminator[place] !== Terminator.branch || taken === otherwise) return 1;
  if (taken !== place && otherwise !== place) return 1;
  const block = one.blocks[place]!;
  const start = set.blocks.start[block]!;
  for (let pc = start; pc < set.blocks.end[block]!; pc += slotsOf(input.code, pc)) {
    const form = FORM[input.code[pc * 4]!];
    if (form === Form.Call || form === Form.Callx || form === Form.Syscall) return 1;
  }
  return meterPlan.segment(place, start) * ROUNDS <= MOST_UNROLLED ? ROUNDS : 1;
}

/** Registers (bits of r0–r9) that a function's instructions name, or that its calls take and give. */
function registersOf({ input, set, liveness }: CompilerContext, one: TbpfFunction): number {
  const { code } = input;
  const { blocks, functionAt } = set;
  let used = 0;
  const name = (register: number): void => {
    if (register < REGISTERS) used |= 1 << register;
  };
  for (const block of one.blocks) {
    const end = blocks.end[block]!;
    for (let pc = blocks.start[block]!; pc < end; pc += slotsOf(code, pc)) {
      const at = pc * 4;
      switch (FORM[code[at]!]) {
        case Form.Call: {
          const callee = functionAt[code[at + 3]!]!;
          used |= liveness.parameters[callee]! | liveness.results[callee]!;
          break;
        }
        case Form.Callx:
          used |= 0x3ff;
          break;
        case Form.Syscall:
          used |= (1 << (input.syscallArity[code[at + 3]!]! + 1)) - 1;
          break;
        case Form.AluReg:
        case Form.MovReg:
        case Form.Load:
        case Form.StoreReg:
        case Form.BranchReg:
          name(code[at + 1]!);
          name(code[at + 2]!);
          break;
        case Form.Jump:
        case Form.Exit:
        case Form.Cold:
          break;
        default:
          name(code[at + 1]!);
      }
    }
  }
  return used;
}

import { type FlowAnalysis, type FunctionBody, I32, Op as W } from '@switchyard/wasm-builder';
import { ALU } from './alu.ts';
import { slotsOf } from './blocks.ts';
import { emitBranchCondition } from './branches.ts';
import { CallEmitter } from './calls.ts';
import { ColdExitEmitter } from './cold-exits.ts';
import type { CompilerContext } from './context.ts';
import type { FramePlan } from './frame-plan.ts';
import { MemoryEmitter } from './memory.ts';
import { NO_LOCAL, REGISTERS } from './register-emitter.ts';
import { FORM, Form } from './steps.ts';
import { MOST_LOOPS_TO_UNROLL, unrolledRounds } from './unroll.ts';

/**
 * Writes one function. Its parameters: the registers that live into it, then the frame (V0: i32, linear address of the frame's first byte;
 * later: r10 as i64 and the call depth as i32), then the meter (i64). Its results: the registers that its callers read, and the meter.
 */
export class FunctionEmitter extends ColdExitEmitter {
  readonly frame: FramePlan;
  readonly memory: MemoryEmitter;
  readonly calls: CallEmitter;
  readonly #index: number;
  #flow: FlowAnalysis | undefined;
  #unrolls = false;

  constructor(context: CompilerContext, body: FunctionBody, index: number, frame: FramePlan) {
    super(context, body, index);
    this.#index = index;
    this.frame = frame;
    if (context.input.dynamicFrames && frame.span > 0) this.frameLocal = body.addLocal(I32);
    this.memory = new MemoryEmitter(this);
    this.calls = new CallEmitter(this);
  }

  /** Writes the whole function, which has so many loops. */
  emit(flow: FlowAnalysis, loops: number): void {
    const { body, context } = this;
    this.#flow = flow;
    this.#unrolls = context.input.metered && loops <= MOST_LOOPS_TO_UNROLL;
    this.openCold();
    this.#emitStart();
    context.controlFlow.emit(flow, body, { emitBlock: (place) => this.#emitBlock(place) });
    body.end();
    this.emitColdExit();
    body.finish();
  }

  /** Writes a function that tier 0 runs: a large one would take V8's optimising compiler too long. */
  emitCold(): void {
    this.openCold();
    this.coldAsIs(this.one.pc);
    this.body.end();
    this.emitColdExit();
    this.body.finish();
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
      if ((this.results & (1 << r)) !== 0) this.pushRegister(r);
    }
    if (this.meterLocal !== NO_LOCAL) body.localGet(this.meterLocal);
    body.op(W.return);
  }
}

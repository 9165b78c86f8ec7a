import type { FunctionBody, Label } from '../function-body.ts';
import { Op } from '../opcodes.ts';
import type { FlowAnalysis } from './analysis.ts';
import type { BlockEmitter } from './block-emitter.ts';
import type { DispatchPlan } from './dispatch-plan.ts';
import { Terminator } from './graph.ts';
import type { IntArena } from './int-arena.ts';

/**
 * Emits any graph as `loop { br_table state }` around all its blocks, in the layout of the plan. Only retreating edges, and edges from
 * chunk to chunk, pass through the state.
 */
export function emitDispatcher(
  analysis: FlowAnalysis,
  plan: DispatchPlan,
  body: FunctionBody,
  emitter: BlockEmitter,
  stateLocal: number,
  arena: IntArena,
): void {
  new Dispatcher(analysis, plan, body, emitter, stateLocal, arena).emit();
}

class Dispatcher {
  /** By position. */
  private readonly label: Int32Array;
  /** By position: the stub of the switch at hand that sets this block's state; valid where `stubOwner` names the switch. */
  private readonly stub: Int32Array;
  private readonly stubOwner: Int32Array;
  private stubOwners = 0;
  private loopLabel: Label = 0;

  constructor(
    private readonly analysis: FlowAnalysis,
    private readonly plan: DispatchPlan,
    private readonly body: FunctionBody,
    private readonly emitter: BlockEmitter,
    private readonly stateLocal: number,
    arena: IntArena,
  ) {
    const { reachableCount } = analysis;
    this.label = arena.take(reachableCount);
    this.stub = arena.take(reachableCount);
    this.stubOwner = arena.take(reachableCount);
  }

  emit(): void {
    const { body, plan } = this;
    this.setState(0);
    this.loopLabel = body.loop();
    if (plan.chunkCount === 1) {
      this.emitChunk(0);
    } else {
      const labels = new Int32Array(plan.chunkCount);
      for (let chunk = plan.chunkCount - 1; chunk >= 0; chunk--) labels[chunk] = body.block();
      body.localGet(this.stateLocal);
      body.i32Const(plan.shift);
      body.op(Op.i32ShrU);
      body.brTable(labels, labels.at(-1)!, labels.length - 1);
      for (let chunk = 0; chunk < plan.chunkCount; chunk++) {
        body.end();
        this.emitChunk(chunk);
      }
    }
    body.end();
    body.op(Op.unreachable);
  }

  private emitChunk(chunk: number): void {
    const { body, plan, label, analysis, emitter } = this;
    const start = plan.chunkStart[chunk]!;
    const end = plan.chunkStart[chunk + 1]!;
    for (let at = end - 1; at >= start; at--) if (plan.isLabelled[at] === 1) label[at] = body.block();
    this.enterChunk(chunk);
    for (let at = start; at < end; at++) {
      if (plan.isLabelled[at] === 1) body.end();
      const block = analysis.order[at]!;
      emitter.emitBlock(block);
      this.leaveBlock(block, at);
    }
  }

  /** Goes to the entry of this chunk that the state names. */
  private enterChunk(chunk: number): void {
    const { body, plan, label } = this;
    const first = plan.entryStart[chunk]!;
    const count = plan.entryStart[chunk + 1]! - first;
    const lastLabel = label[plan.entry[first + count - 1]!]!;
    if (count === 1) {
      body.br(lastLabel);
      return;
    }
    const labels = new Int32Array(count - 1);
    for (let i = 0; i < labels.length; i++) labels[i] = label[plan.entry[first + i]!]!;
    body.localGet(this.stateLocal);
    if (plan.chunkCount > 1) {
      body.i32Const((1 << plan.shift) - 1);
      body.op(Op.i32And);
    }
    body.brTable(labels, lastLabel);
  }

  private leaveBlock(block: number, at: number): void {
    const { body } = this;
    const { edgeStart, edgeTarget, terminator } = this.analysis.graph;
    const { position } = this.analysis;
    const first = edgeStart[block]!;
    switch (terminator[block]) {
      case Terminator.jump:
        this.jump(at, position[edgeTarget[first]!]!);
        break;
      case Terminator.branch: {
        const taken = position[edgeTarget[first]!]!;
        const otherwise = position[edgeTarget[first + 1]!]!;
        if (taken === otherwise) {
          body.op(Op.drop);
          this.jump(at, taken);
        } else if (this.fallsInto(at, taken)) {
          body.op(Op.i32Eqz);
          this.jumpIf(at, otherwise);
        } else {
          this.jumpIf(at, taken);
          this.jump(at, otherwise);
        }
        break;
      }
      case Terminator.switch:
        this.switch(at, first, edgeStart[block + 1]! - 1);
        break;
    }
  }

  private fallsInto(at: number, target: number): boolean {
    return target === at + 1 && this.plan.chunk[at] === this.plan.chunk[target];
  }

  /** Whether a plain branch leads there. */
  private isForward(at: number, target: number): boolean {
    return target > at && this.plan.chunk[at] === this.plan.chunk[target];
  }

  private jump(at: number, target: number): void {
    if (this.fallsInto(at, target)) return;
    if (this.isForward(at, target)) this.body.br(this.label[target]!);
    else this.dispatchTo(target);
  }

  /** By the i32 on the stack. Where control doesn't jump, the state that was set for it is never read. */
  private jumpIf(at: number, target: number): void {
    if (this.isForward(at, target)) {
      this.body.brIf(this.label[target]!);
    } else {
      this.setState(this.plan.state[target]!);
      this.body.brIf(this.loopLabel);
    }
  }

  private dispatchTo(target: number): void {
    this.setState(this.plan.state[target]!);
    this.body.br(this.loopLabel);
  }

  private setState(state: number): void {
    this.body.i32Const(state);
    this.body.localSet(this.stateLocal);
  }

  /** The cases are the edges from `first` up to `last`, which is the default. The state's local holds the index meanwhile. */
  private switch(at: number, first: number, last: number): void {
    const { body, plan } = this;
    body.localSet(this.stateLocal);
    if (last - first <= plan.width) {
      this.switchSlice(at, first, last, last, 0);
      return;
    }
    // Too many stubs for one nest: choose a group of cases first.
    const shift = 31 - Math.clz32(plan.width);
    const groups = Math.ceil((last - first) / (1 << shift));
    const labels = new Int32Array(groups);
    for (let group = groups - 1; group >= 0; group--) labels[group] = body.block();
    body.localGet(this.stateLocal);
    body.i32Const(shift);
    body.op(Op.i32ShrU);
    // Above the last group only the default is left; the last group sends all that is no case of its own there.
    body.brTable(labels, labels.at(-1)!, groups - 1);
    for (let group = 0; group < groups; group++) {
      body.end();
      const start = first + (group << shift);
      this.switchSlice(at, start, Math.min(start + (1 << shift), last), last, group << shift);
    }
  }

  /** A br_table over the edges from `first` up to `end`; `base` is the index that the first one stands for. */
  private switchSlice(at: number, first: number, end: number, defaultEdge: number, base: number): void {
    const { body, stub, stubOwner, analysis } = this;
    const { edgeTarget } = analysis.graph;
    const owner = ++this.stubOwners;
    const stubs: number[] = [];
    const addStub = (edge: number): void => {
      const target = analysis.position[edgeTarget[edge]!]!;
      if (this.isForward(at, target) || stubOwner[target] === owner) return;
      stubOwner[target] = owner;
      stub[target] = body.block();
      stubs.push(target);
    };
    const labelOf = (edge: number): Label => {
      const target = analysis.position[edgeTarget[edge]!]!;
      return this.isForward(at, target) ? this.label[target]! : stub[target]!;
    };
    for (let edge = first; edge < end; edge++) addStub(edge);
    addStub(defaultEdge);
    const labels = new Int32Array(end - first);
    for (let i = 0; i < labels.length; i++) labels[i] = labelOf(first + i);
    body.localGet(this.stateLocal);
    if (base > 0) {
      body.i32Const(base);
      body.op(Op.i32Sub);
    }
    body.brTable(labels, labelOf(defaultEdge));
    for (let i = stubs.length - 1; i >= 0; i--) {
      body.end();
      this.dispatchTo(stubs[i]!);
    }
  }
}

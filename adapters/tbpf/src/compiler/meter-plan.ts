import type { FlowAnalysis } from '@switchyard/wasm-builder';
import { slotsOf } from './blocks.ts';
import { type Bounds, UNBOUNDED } from './bounds.ts';
import type { FunctionSet, TbpfFunction } from './functions.ts';
import type { CompilerInput } from './input.ts';
import { FORM, Form } from './steps.ts';

/**
 * How a function is metered. At every *checkpoint*, which is its start, each loop header, and behind each syscall and each call of a
 * function that may run for long, compiled code asks whether what is left pays for the longest way to the next checkpoint, and hands over to tier 0 if not. So it never executes an
 * instruction that isn't paid, and state, count and slot at the end of the budget are those of the reference.
 */
export class MeterPlan {
  readonly #code: Int32Array;
  readonly #set: FunctionSet;
  readonly #bounds: Bounds;
  /** By place of a block: instructions from its start to the next checkpoint, at most. */
  readonly #ahead: Int32Array;
  /** By place of a block: instructions done before it that it charges for, because the block before it did not. */
  readonly #owed: Int32Array;
  /** By place: 1 where the block leaves the charge for its last segment to the blocks behind it. */
  readonly #defers: Uint8Array;
  #one: TbpfFunction | undefined;
  #flow: FlowAnalysis | undefined;

  constructor(input: CompilerInput, set: FunctionSet, bounds: Bounds) {
    this.#code = input.code;
    this.#set = set;
    this.#bounds = bounds;
    const most = set.functions.reduce((count, { graph }) => Math.max(count, graph.blockCount), 0);
    this.#ahead = new Int32Array(most);
    this.#owed = new Int32Array(most);
    this.#defers = new Uint8Array(most);
  }

  /** Plans a function, of which `flow` is the analysis. */
  plan(one: TbpfFunction, flow: FlowAnalysis): void {
    this.#one = one;
    this.#flow = flow;
    for (let at = flow.reachableCount - 1; at >= 0; at--) {
      const place = flow.order[at]!;
      this.#ahead[place] = this.#costFrom(place, this.#set.blocks.start[one.blocks[place]!]!);
    }
    this.#deferCharges();
  }

  /**
   * A block behind which come only blocks that nothing else leads to may leave its charge to them: one subtraction on each way instead of
   * one for each block. No checkpoint lies between.
   */
  #deferCharges(): void {
    const { graph, blocks } = this.#one!;
    const { order, reachableCount, isLoopHeader, predecessors } = this.#flow!;
    this.#owed.fill(0, 0, graph.blockCount);
    for (let at = 0; at < reachableCount; at++) {
      const place = order[at]!;
      const first = graph.edgeStart[place]!;
      const end = graph.edgeStart[place + 1]!;
      let defers = end - first === 2 && graph.edgeTarget[first] !== graph.edgeTarget[first + 1];
      for (let edge = first; edge < end; edge++) {
        const target = graph.edgeTarget[edge]!;
        if (isLoopHeader[target] === 1 || target === 0) defers = false;
        else if (predecessors.start[target + 1]! - predecessors.start[target]! !== 1) defers = false;
      }
      this.#defers[place] = defers ? 1 : 0;
      if (!defers) continue;
      const owed = this.#lastSegment(place, this.#set.blocks.start[blocks[place]!]!);
      for (let edge = first; edge < end; edge++) this.#owed[graph.edgeTarget[edge]!] = owed;
    }
  }

  /** Instructions of the segment that ends a block, and what the block owes itself if it has no other. */
  #lastSegment(place: number, start: number): number {
    const end = this.#set.blocks.end[this.#one!.blocks[place]!]!;
    let cost = this.#owed[place]!;
    for (let pc = start; pc < end; pc += slotsOf(this.#code, pc)) {
      cost++;
      if (isCall(FORM[this.#code[pc * 4]!])) cost = 0;
    }
    return cost;
  }

  /** Instructions from the start of a block to the next checkpoint, at most. */
  atBlock(place: number): number {
    return this.#ahead[place]!;
  }

  /** The same from a slot behind a call in a block. */
  behindCall(place: number, pc: number): number {
    return this.#costFrom(place, pc);
  }

  /** Instructions that the function called at a slot executes at most, or UNBOUNDED: then a checkpoint stands behind the call. */
  callBound(pc: number): number {
    return this.#bounds.cost(this.#set.functionAt[this.#code[pc * 4 + 3]!]!);
  }

  /** Instructions done before a block, since the last checkpoint or charge, that nobody has charged yet. */
  owedAt(place: number): number {
    return this.#owed[place]!;
  }

  /** Whether the segment that begins at a slot is charged by the blocks behind its block. */
  isDeferred(place: number, pc: number): boolean {
    if (this.#defers[place] === 0) return false;
    const end = this.#set.blocks.end[this.#one!.blocks[place]!]!;
    for (let at = pc; at < end; at += slotsOf(this.#code, at))
      if (isCall(FORM[this.#code[at * 4]!])) return false;
    return true;
  }

  /** Instructions from a slot to the end of its *segment*: the next call or syscall, counted, or the end of its block. */
  segment(place: number, pc: number): number {
    const end = this.#set.blocks.end[this.#one!.blocks[place]!]!;
    let cost = 0;
    for (let at = pc; at < end; at += slotsOf(this.#code, at)) {
      const form = FORM[this.#code[at * 4]!];
      // Tier 0 pays for what it does.
      if (form === Form.Cold) break;
      cost++;
      if (isCall(form)) break;
    }
    return cost;
  }

  #costFrom(place: number, pc: number): number {
    const { graph, blocks } = this.#one!;
    const { position, isLoopHeader } = this.#flow!;
    const end = this.#set.blocks.end[blocks[place]!]!;
    let cost = 0;
    for (let at = pc; at < end; at += slotsOf(this.#code, at)) {
      const form = FORM[this.#code[at * 4]!];
      if (form === Form.Cold) return cost;
      cost++;
      if (!isCall(form)) continue;
      const bound = form === Form.Call ? this.callBound(at) : UNBOUNDED;
      if (bound === UNBOUNDED) return cost;
      cost += bound;
    }
    let most = 0;
    for (let edge = graph.edgeStart[place]!; edge < graph.edgeStart[place + 1]!; edge++) {
      const target = graph.edgeTarget[edge]!;
      // A header has a checkpoint of its own; whatever is no header stands later in the order.
      if (isLoopHeader[target] === 1 || position[target]! <= position[place]!) continue;
      if (this.#ahead[target]! > most) most = this.#ahead[target]!;
    }
    return cost + most;
  }
}

function isCall(form: number | undefined): boolean {
  return form === Form.Call || form === Form.Callx || form === Form.Syscall;
}

import type { FlowAnalysis } from '@switchyard/wasm-builder';
import type { FunctionSet, TbpfFunction } from './functions.ts';
import type { CompilerInput } from './input.ts';
import { slotsOf } from './blocks.ts';
import { FORM, Form } from './steps.ts';

/**
 * How a function is metered. At every *checkpoint*, which is its start, each loop header, and behind each call and syscall, compiled code
 * asks whether what is left pays for the longest way to the next checkpoint, and hands over to tier 0 if not. So it never executes an
 * instruction that isn't paid, and state, count and slot at the end of the budget are those of the reference.
 */
export class MeterPlan {
  readonly #code: Int32Array;
  readonly #set: FunctionSet;
  /** By place of a block: instructions from its start to the next checkpoint, at most. */
  readonly #ahead: Int32Array;
  #one: TbpfFunction | undefined;
  #flow: FlowAnalysis | undefined;

  constructor(input: CompilerInput, set: FunctionSet) {
    this.#code = input.code;
    this.#set = set;
    this.#ahead = new Int32Array(set.functions.reduce((most, { graph }) => Math.max(most, graph.blockCount), 0));
  }

  /** Plans a function, of which `flow` is the analysis. */
  plan(one: TbpfFunction, flow: FlowAnalysis): void {
    this.#one = one;
    this.#flow = flow;
    for (let at = flow.reachableCount - 1; at >= 0; at--) {
      const place = flow.order[at]!;
      this.#ahead[place] = this.#costFrom(place, this.#set.blocks.start[one.blocks[place]!]!);
    }
  }

  /** Instructions from the start of a block to the next checkpoint, at most. */
  atBlock(place: number): number {
    return this.#ahead[place]!;
  }

  /** The same from a slot behind a call in a block. */
  behindCall(place: number, pc: number): number {
    return this.#costFrom(place, pc);
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
      if (isCall(form)) return cost;
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

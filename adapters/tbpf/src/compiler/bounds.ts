import { slotsOf } from './blocks.ts';
import type { FunctionSet, TbpfFunction } from './functions.ts';
import type { CompilerInput } from './input.ts';
import { FORM, Form } from './steps.ts';

/**
 * Not bounded, or by so much that asking for all of it beforehand would send runs to tier 0 that have gas enough. What asking costs a
 * longer function does not matter.
 */
export const UNBOUNDED = -1;
const MOST_COST = 64;

/**
 * Functions that cannot run for long: without loops, recursion, syscalls and calls by address, calling only such functions. Their caller
 * asks once whether the meter pays for them and for what follows, so that neither they nor the way back need to ask. The same holds for
 * the frames that they take.
 */
export class Bounds {
  readonly #input: CompilerInput;
  readonly #set: FunctionSet;
  /** By function: instructions that it executes at most, callees included, or UNBOUNDED. */
  readonly #cost: Int32Array;
  /** By function: frames that it needs below its own, so far as it is for its callers to see to. */
  readonly #frames: Int32Array;
  /** Functions that the host or `callx` may call. */
  readonly #isCalledFromOutside: Uint8Array;
  /** By place of a block: longest way from its start, or one of two marks. */
  readonly #ahead: Int32Array;

  constructor(input: CompilerInput, set: FunctionSet) {
    const { functions, functionAt, usesCallx } = set;
    this.#input = input;
    this.#set = set;
    this.#cost = new Int32Array(functions.length).fill(UNBOUNDED);
    this.#frames = new Int32Array(functions.length);
    this.#isCalledFromOutside = new Uint8Array(functions.length);
    this.#ahead = new Int32Array(functions.reduce((most, { graph }) => Math.max(most, graph.blockCount), 0));
    for (const pc of input.entries) this.#isCalledFromOutside[functionAt[pc]!] = 1;
    if (usesCallx) for (const pc of input.callxTargets) this.#isCalledFromOutside[functionAt[pc]!] = 1;
    for (const index of calleesFirst(functions)) {
      this.#frames[index] = this.#framesOf(functions[index]!);
      this.#cost[index] = this.#costOf(functions[index]!);
    }
  }

  /** Instructions that a function executes at most, callees included, or UNBOUNDED. */
  cost(index: number): number {
    return this.#cost[index]!;
  }

  /** Whether every caller has asked already whether meter and frames suffice. */
  isGuaranteed(index: number): boolean {
    return this.#cost[index] !== UNBOUNDED && this.#isCalledFromOutside[index] === 0;
  }

  /** Frames below its own that a function has to ask for: its callees', and theirs where these do not ask themselves. */
  frames(index: number): number {
    return this.#frames[index]!;
  }

  #framesOf({ callees, callsFunctions }: TbpfFunction): number {
    let frames = callsFunctions ? 1 : 0;
    for (const callee of callees) {
      if (this.isGuaranteed(callee)) frames = Math.max(frames, 1 + this.#frames[callee]!);
    }
    return frames;
  }

  /** The longest way through a function, by depth-first search that ends at the first loop. */
  #costOf({ graph, blocks }: TbpfFunction): number {
    const NOT_SEEN = -1;
    const ON_THE_WAY = -2;
    const ahead = this.#ahead;
    ahead.fill(NOT_SEEN, 0, graph.blockCount);
    const way = [0];
    while (way.length > 0) {
      const place = way.at(-1)!;
      const isNew = ahead[place] === NOT_SEEN;
      if (ahead[place]! >= 0) {
        way.pop();
        continue;
      }
      if (isNew) ahead[place] = ON_THE_WAY;
      let most = 0;
      for (let edge = graph.edgeStart[place]!; edge < graph.edgeStart[place + 1]!; edge++) {
        const target = graph.edgeTarget[edge]!;
        if (ahead[target] === ON_THE_WAY) return UNBOUNDED;
        if (ahead[target] === NOT_SEEN) way.push(target);
        else if (ahead[target]! > most) most = ahead[target]!;
      }
      if (isNew) continue;
      const own = this.#blockCost(blocks[place]!);
      if (own === UNBOUNDED || own + most > MOST_COST) return UNBOUNDED;
      ahead[place] = own + most;
      way.pop();
    }
    return ahead[0]!;
  }

  #blockCost(block: number): number {
    const { code } = this.#input;
    const { blocks, functionAt } = this.#set;
    let cost = 0;
    for (let pc = blocks.start[block]!; pc < blocks.end[block]!; pc += slotsOf(code, pc)) {
      const form = FORM[code[pc * 4]!];
      if (form === Form.Callx || form === Form.Syscall) return UNBOUNDED;
      cost++;
      if (form !== Form.Call) continue;
      const callee = this.#cost[functionAt[code[pc * 4 + 3]!]!]!;
      if (callee === UNBOUNDED) return UNBOUNDED;
      cost += callee;
    }
    return cost;
  }
}

/** Every function after those that it calls, where calls do not go in circles. */
function calleesFirst(functions: readonly TbpfFunction[]): readonly number[] {
  const order: number[] = [];
  const isSeen = new Uint8Array(functions.length);
  const way: { readonly index: number; next: number }[] = [];
  for (let root = 0; root < functions.length; root++) {
    if (isSeen[root] === 1) continue;
    isSeen[root] = 1;
    way.push({ index: root, next: 0 });
    while (way.length > 0) {
      const top = way.at(-1)!;
      const callee = functions[top.index]!.callees[top.next++];
      if (callee === undefined) {
        order.push(top.index);
        way.pop();
      } else if (isSeen[callee] === 0) {
        isSeen[callee] = 1;
        way.push({ index: callee, next: 0 });
      }
    }
  }
  return order;
}

import type { FunctionSet, TbpfFunction } from './functions.ts';
import type { CompilerInput } from './input.ts';
import { ALL_REGISTERS, CALL_RESULTS, FORM, Form, readsOf, writesOf } from './steps.ts';

/**
 * Which registers (bits of r0–r9) functions take and give. What a function leaves in r0–r5 its caller may read, and what the caller
 * leaves in any register the function may read (spec §6.1), so both directions depend on each other.
 */
export class Liveness {
  /** By function: registers that it may read before it writes them. They become its parameters. */
  readonly parameters: Uint16Array;
  /** By function: registers of r0–r5 that some caller may read after it. They become its results. */
  readonly results: Uint8Array;
  /** Registers that are live before each block of the function that was solved last, by place in the function. */
  readonly #liveIn: Uint16Array;
  readonly #input: CompilerInput;
  readonly #set: FunctionSet;
  /** Functions whose results or whose callees' parameters have grown. */
  readonly #waiting: number[] = [];
  readonly #isWaiting: Uint8Array;
  #callxResults = 0;

  constructor(input: CompilerInput, set: FunctionSet) {
    const { functions, functionAt } = set;
    this.#input = input;
    this.#set = set;
    this.parameters = new Uint16Array(functions.length);
    this.results = new Uint8Array(functions.length);
    this.#isWaiting = new Uint8Array(functions.length);
    this.#liveIn = new Uint16Array(
      functions.reduce((most, { graph }) => Math.max(most, graph.blockCount), 0),
    );
    // The host reads r0 of a run's first function.
    for (const pc of input.entries) this.results[functionAt[pc]!] = 1;
    // Taken from the end: callees, which are found after their callers, come first.
    for (let index = 0; index < functions.length; index++) this.#enqueue(index);
    this.#settle();
  }

  /** Registers that are live behind each of the slots of a function. `before` is indexed by slot. */
  solve(index: number, before: Uint16Array): void {
    const { blocks, graph } = this.#set.functions[index]!;
    const results = this.results[index]!;
    this.#solveBlocks(this.#set.functions[index]!, results);
    for (let at = 0; at < graph.blockCount; at++) {
      this.#walk(blocks[at]!, this.#liveBehind(graph, at), results, before);
    }
  }

  #settle(): void {
    const { functions } = this.#set;
    const callers = callersOf(functions);
    for (let index = this.#waiting.pop(); index !== undefined; index = this.#waiting.pop()) {
      this.#isWaiting[index] = 0;
      this.#solveBlocks(functions[index]!, this.results[index]!);
      const known = this.parameters[index]!;
      const found = known | this.#liveIn[0]!;
      if (found === known) continue;
      this.parameters[index] = found;
      for (const caller of callers[index]!) this.#enqueue(caller);
    }
  }

  #enqueue(index: number): void {
    if (this.#isWaiting[index] === 1) return;
    this.#isWaiting[index] = 1;
    this.#waiting.push(index);
  }

  #solveBlocks({ graph, blocks }: TbpfFunction, results: number): void {
    const liveIn = this.#liveIn;
    liveIn.fill(0, 0, graph.blockCount);
    for (let changed = true; changed; ) {
      changed = false;
      for (let at = graph.blockCount - 1; at >= 0; at--) {
        const live = this.#walk(blocks[at]!, this.#liveBehind(graph, at), results);
        if (live === liveIn[at]) continue;
        liveIn[at] = live;
        changed = true;
      }
    }
  }

  #liveBehind({ edgeStart, edgeTarget }: TbpfFunction['graph'], at: number): number {
    let live = 0;
    for (let edge = edgeStart[at]!; edge < edgeStart[at + 1]!; edge++) {
      live |= this.#liveIn[edgeTarget[edge]!]!;
    }
    return live;
  }

  /** What is live before a block, and with `before` also before each of its instructions. */
  #walk(block: number, liveBehind: number, results: number, before?: Uint16Array): number {
    const { code, syscallArity } = this.#input;
    const { blocks, functionAt } = this.#set;
    const first = blocks.start[block]!;
    const last = blocks.end[block]! - 1;
    let live = liveBehind;
    for (let pc = last; pc >= first; pc--) {
      const at = pc * 4;
      const form = FORM[code[at]!]!;
      switch (form) {
        case Form.Call: {
          const callee = functionAt[code[at + 3]!]!;
          this.#wantResults(callee, live & CALL_RESULTS);
          live = (live & ~CALL_RESULTS) | this.parameters[callee]!;
          break;
        }
        case Form.Callx:
          this.#wantCallxResults(live & CALL_RESULTS);
          live = ALL_REGISTERS;
          break;
        case Form.Syscall:
          live = (live & ~1) | (((1 << syscallArity[code[at + 3]!]!) - 1) << 1);
          break;
        case Form.Exit:
          live = results;
          break;
        case Form.Cold:
          // Within a block it is the second slot of a lddw, which is no instruction.
          if (pc === last && (pc === first || FORM[code[at - 4]!] !== Form.Lddw)) live = 0;
          break;
        default:
          live = (live & ~writesOf(form, code[at + 1]!)) | readsOf(form, code[at + 1]!, code[at + 2]!);
      }
      if (before !== undefined) before[pc] = live;
    }
    return live;
  }

  #wantResults(callee: number, wanted: number): void {
    if ((wanted & ~this.results[callee]!) === 0) return;
    this.results[callee]! |= wanted;
    this.#enqueue(callee);
  }

  /** A `callx` may reach every function that it can reach at all. */
  #wantCallxResults(wanted: number): void {
    if ((wanted & ~this.#callxResults) === 0) return;
    this.#callxResults |= wanted;
    for (const pc of this.#input.callxTargets) {
      this.#wantResults(this.#set.functionAt[pc]!, this.#callxResults);
    }
  }
}

/** By function, who calls it. */
function callersOf(functions: readonly TbpfFunction[]): readonly (readonly number[])[] {
  const callers: number[][] = functions.map(() => []);
  for (const [index, { callees }] of functions.entries()) {
    for (const callee of callees) if (callers[callee]!.at(-1) !== index) callers[callee]!.push(index);
  }
  return callers;
}

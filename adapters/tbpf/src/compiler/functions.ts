import { type BlockGraph, Terminator } from '@switchyard/wasm-builder';
import { type Blocks, findBlocks } from './blocks.ts';
import type { CompilerInput } from './input.ts';
import { FORM, Form } from './steps.ts';

/** A function: a place that something calls, and all blocks that it reaches without calling. */
export interface TbpfFunction {
  /** Slot at which it starts. */
  readonly pc: number;
  /** Its blocks (indices of `Blocks`), the first one first. */
  readonly blocks: Int32Array;
  /** The same blocks by their place in `blocks`, and the edges between them. */
  readonly graph: BlockGraph;
  readonly slots: number;
  /** Functions that it calls directly (indices of `FunctionSet.functions`), each once or more. */
  readonly callees: readonly number[];
  /** Whether it calls at all, by `callx` too. */
  readonly callsFunctions: boolean;
}

/** The functions that a run can reach from its entries. */
export interface FunctionSet {
  readonly blocks: Blocks;
  readonly functions: readonly TbpfFunction[];
  /** Index of the function that starts at a slot, −1 elsewhere. */
  readonly functionAt: Int32Array;
  readonly usesCallx: boolean;
}

/**
 * Finds functions by following calls from the entries. Functions may share blocks by jumping into each other, and a hostile program may
 * do so without end: all of them together have at most `maxSlots` slots, else the answer is undefined.
 */
export function findFunctions(input: CompilerInput, maxSlots: number): FunctionSet | undefined {
  const { code, length, callxTargets, entries } = input;
  const blocks = findBlocks(input, calledSlots(input));
  const functions: TbpfFunction[] = [];
  const functionAt = new Int32Array(length + 1).fill(-1);
  const starts: number[] = [];
  const want = (pc: number): number => {
    if (functionAt[pc] === -1) functionAt[pc] = starts.push(pc) - 1;
    return functionAt[pc]!;
  };
  for (const pc of entries) want(pc);

  const owner = new Int32Array(blocks.count).fill(-1);
  const place = new Int32Array(blocks.count);
  let usesCallx = false;
  let total = 0;
  for (let index = 0; index < starts.length; index++) {
    const pc = starts[index]!;
    const body: number[] = [];
    const reach = (slot: number): void => {
      const block = blocks.blockAt[slot]!;
      if (owner[block] === index) return;
      owner[block] = index;
      place[block] = body.push(block) - 1;
    };
    reach(pc);
    let slots = 0;
    let usesCallxHere = false;
    const callees: number[] = [];
    for (let i = 0; i < body.length; i++) {
      const block = body[i]!;
      slots += blocks.end[block]! - blocks.start[block]!;
      if (total + slots > maxSlots) return undefined;
      for (let at = blocks.start[block]!; at < blocks.end[block]!; at++) {
        const form = FORM[code[at * 4]!];
        if (form === Form.Call) {
          callees.push(want(code[at * 4 + 3]!));
        } else if (form === Form.Callx) {
          usesCallxHere = true;
          if (!usesCallx) callxTargets.forEach(want);
          usesCallx = true;
        }
      }
      const terminator = blocks.terminator[block];
      if (terminator === Terminator.exit) continue;
      reach(blocks.target[block]!);
      if (terminator === Terminator.branch) reach(blocks.otherwise[block]!);
    }
    total += slots;
    const graph = graphOf(body, blocks, place);
    const callsFunctions = usesCallxHere || callees.length > 0;
    functions.push({ pc, blocks: Int32Array.from(body), graph, slots, callees, callsFunctions });
  }
  return { blocks, functions, functionAt, usesCallx };
}

/** Every slot at which a function may start. */
function calledSlots({ code, length, entries, callxTargets }: CompilerInput): ReadonlySet<number> {
  const slots = new Set<number>([...entries, ...callxTargets]);
  for (let pc = 0; pc < length; pc++) {
    if (FORM[code[pc * 4]!] === Form.Call) slots.add(code[pc * 4 + 3]!);
  }
  return slots;
}

function graphOf(body: readonly number[], blocks: Blocks, place: Int32Array): BlockGraph {
  const blockCount = body.length;
  const edgeStart = new Int32Array(blockCount + 1);
  const edgeTarget = new Int32Array(blockCount * 2);
  const terminator = new Uint8Array(blockCount);
  let edges = 0;
  for (let at = 0; at < blockCount; at++) {
    const block = body[at]!;
    edgeStart[at] = edges;
    terminator[at] = blocks.terminator[block]!;
    if (terminator[at] === Terminator.exit) continue;
    edgeTarget[edges++] = place[blocks.blockAt[blocks.target[block]!]!]!;
    if (terminator[at] === Terminator.branch) {
      edgeTarget[edges++] = place[blocks.blockAt[blocks.otherwise[block]!]!]!;
    }
  }
  edgeStart[blockCount] = edges;
  return { blockCount, edgeStart, edgeTarget, terminator };
}

import type { FunctionBody } from '../function-body.ts';
import { Op } from '../opcodes.ts';
import type { FlowAnalysis } from './analysis.ts';
import type { BlockEmitter } from './block-emitter.ts';
import { Terminator } from './graph.ts';
import type { IntArena } from './int-arena.ts';
import { findLoops, loopLeft } from './loops.ts';

/** Where every block of a reducible graph will stand. */
export interface StructurePlan {
  /** Most constructs open at one time. */
  readonly nesting: number;
  /** 1 for blocks that get a label of their own: where several forward edges meet, that a switch leads to, or a loop's exits. */
  readonly isMerge: Int32Array;
  /**
   * Merge blocks by where they are attached, in order: `child[childStart[2 b]]` to `child[childStart[2 b + 1] − 1]` follow the code of
   * block b, within its loop; from there to `child[childStart[2 b + 2] − 1]` they follow the loop that b is the header of.
   */
  readonly childStart: Int32Array;
  readonly child: Int32Array;
}

/**
 * The dominator-tree method of Ramsey, "Beyond Relooper" (2022), without emitting: finds the merge blocks and the nesting. Beyond
 * Ramsey, what a loop leaves to stands behind the loop, not in it: loops one after another would otherwise nest, and the engine would
 * take locals that change after a loop for changing in it.
 */
export function planStructure(analysis: FlowAnalysis, arena: IntArena): StructurePlan {
  const { graph, order, position, reachableCount, immediateDominator, isLoopHeader } = analysis;
  const { blockCount, edgeStart, edgeTarget, terminator } = graph;
  const isMerge = arena.take(blockCount);
  const forwardEdges = arena.take(blockCount);
  for (let at = 0; at < reachableCount; at++) {
    const block = order[at]!;
    const isSwitch = terminator[block] === Terminator.switch;
    for (let edge = edgeStart[block]!; edge < edgeStart[block + 1]!; edge++) {
      const target = edgeTarget[edge]!;
      if (position[target]! <= at) continue;
      forwardEdges[target]!++;
      if (isSwitch || forwardEdges[target]! > 1) isMerge[target] = 1;
    }
  }
  const loops = findLoops(analysis, arena);
  const place = arena.take(blockCount, -1);
  const childStart = arena.take(2 * blockCount + 2);
  for (let at = 1; at < reachableCount; at++) {
    const block = order[at]!;
    const dominator = immediateDominator[block]!;
    const left = loopLeft(loops, dominator, block);
    if (left !== -1) isMerge[block] = 1;
    if (isMerge[block] === 0) continue;
    place[block] = left === -1 ? 2 * dominator : 2 * left + 1;
    childStart[place[block]! + 2]!++;
  }
  for (let i = 2; i < childStart.length; i++) childStart[i]! += childStart[i - 1]!;
  const child = arena.take(reachableCount);
  for (let at = 1; at < reachableCount; at++) {
    const block = order[at]!;
    if (place[block] !== -1) child[childStart[place[block]! + 1]!++] = block;
  }

  // Constructs around each block, top down: a dominator stands before what it dominates.
  const outside = arena.take(blockCount);
  let nesting = 0;
  const isInline = (at: number, edge: number): boolean => {
    const target = edgeTarget[edge]!;
    return position[target]! > at && isMerge[target] === 0;
  };
  const placeChildren = (where: number, around: number): void => {
    let left = childStart[where + 1]! - childStart[where]!;
    for (let i = childStart[where]!; i < childStart[where + 1]!; i++) outside[child[i]!] = around + --left;
  };
  for (let at = 0; at < reachableCount; at++) {
    const block = order[at]!;
    const behindLoop = childStart[2 * block + 2]! - childStart[2 * block + 1]!;
    placeChildren(2 * block + 1, outside[block]!);
    const own = outside[block]! + behindLoop + isLoopHeader[block]!;
    placeChildren(2 * block, own);
    let inside = own + childStart[2 * block + 1]! - childStart[2 * block]!;
    const first = edgeStart[block]!;
    if (terminator[block] === Terminator.branch && isInline(at, first) && isInline(at, first + 1)) inside++;
    for (let edge = first; edge < edgeStart[block + 1]!; edge++) {
      if (isInline(at, edge)) outside[edgeTarget[edge]!] = inside;
    }
    if (inside > nesting) nesting = inside;
  }
  return { nesting, isMerge, childStart, child };
}

const END = -1;
const ELSE = -2;
const NOWHERE = -1;

/**
 * Emits a reducible graph: `loop` at headers, around each block one `block` per merge block that it immediately dominates, other
 * blocks in place. The work stack holds what follows: END, ELSE, or a block to emit and the block into which control falls after it.
 */
export function emitStructured(
  { graph, position, isLoopHeader }: FlowAnalysis,
  { isMerge, childStart, child }: StructurePlan,
  body: FunctionBody,
  emitter: BlockEmitter,
  arena: IntArena,
): void {
  const { blockCount, edgeStart, edgeTarget, terminator } = graph;
  const blockLabel = arena.take(blockCount);
  const loopLabel = arena.take(blockCount);
  let stack = new Int32Array(64);
  let height = 0;
  const push = (what: number, fallsTo: number): void => {
    if (height + 2 > stack.length) {
      const larger = new Int32Array(stack.length * 2);
      larger.set(stack);
      stack = larger;
    }
    stack[height++] = what;
    stack[height++] = fallsTo;
  };
  const isRetreating = (block: number, target: number): boolean => position[target]! <= position[block]!;
  const hasLabel = (block: number, target: number): boolean =>
    isRetreating(block, target) || isMerge[target] === 1;
  const labelOf = (block: number, target: number): number =>
    isRetreating(block, target) ? loopLabel[target]! : blockLabel[target]!;
  const fallsInto = (block: number, target: number, fallsTo: number): boolean =>
    target === fallsTo && !isRetreating(block, target);
  const jump = (block: number, target: number, fallsTo: number): void => {
    if (fallsInto(block, target, fallsTo)) return;
    if (hasLabel(block, target)) body.br(labelOf(block, target));
    else push(target, fallsTo);
  };
  const branch = (block: number, taken: number, otherwise: number, fallsTo: number): void => {
    if (taken === otherwise) {
      body.op(Op.drop);
      jump(block, taken, fallsTo);
    } else if (hasLabel(block, taken) && !fallsInto(block, taken, fallsTo)) {
      body.brIf(labelOf(block, taken));
      jump(block, otherwise, fallsTo);
    } else if (hasLabel(block, otherwise)) {
      body.op(Op.i32Eqz);
      body.brIf(labelOf(block, otherwise));
      jump(block, taken, fallsTo);
    } else if (hasLabel(block, taken)) {
      // Taken is where control falls anyway; only the other side has code here.
      body.brIf(labelOf(block, taken));
      push(otherwise, fallsTo);
    } else {
      body.if();
      push(END, NOWHERE);
      push(otherwise, fallsTo);
      push(ELSE, NOWHERE);
      push(taken, fallsTo);
    }
  };

  /** Opens a block around what follows for each merge block of this place; where control falls from inside the innermost. */
  const openChildren = (where: number, fallsTo: number): number => {
    let after = fallsTo;
    for (let i = childStart[where + 1]! - 1; i >= childStart[where]!; i--) {
      const merge = child[i]!;
      blockLabel[merge] = body.block();
      push(merge, after);
      push(END, NOWHERE);
      after = merge;
    }
    return after;
  };

  push(0, NOWHERE);
  while (height > 0) {
    const fallsTo = stack[--height]!;
    const block = stack[--height]!;
    if (block === END) {
      body.end();
      continue;
    }
    if (block === ELSE) {
      body.else();
      continue;
    }
    let after = openChildren(2 * block + 1, fallsTo);
    if (isLoopHeader[block] === 1) {
      loopLabel[block] = body.loop();
      push(END, NOWHERE);
    }
    after = openChildren(2 * block, after);
    emitter.emitBlock(block);
    const first = edgeStart[block]!;
    switch (terminator[block]) {
      case Terminator.jump:
        jump(block, edgeTarget[first]!, after);
        break;
      case Terminator.branch:
        branch(block, edgeTarget[first]!, edgeTarget[first + 1]!, after);
        break;
      case Terminator.switch: {
        const last = edgeStart[block + 1]! - 1;
        const labels = new Int32Array(last - first);
        for (let i = 0; i < labels.length; i++) labels[i] = labelOf(block, edgeTarget[first + i]!);
        body.brTable(labels, labelOf(block, edgeTarget[last]!));
        break;
      }
    }
  }
  // Every path has returned, trapped or branched; for the validator the end of the last construct is still reached.
  body.op(Op.unreachable);
}

import { refuseAbove } from '../error.ts';
import { ENGINE_LIMITS } from '../limits.ts';
import type { FlowAnalysis } from './analysis.ts';
import { Terminator } from './graph.ts';
import type { IntArena } from './int-arena.ts';

/**
 * How the dispatcher lays out the blocks: in reverse postorder, cut into chunks so that labels do not nest too deep. A forward edge
 * within a chunk is a plain branch; every other edge sets the state and goes back to the dispatcher. Arrays are by position.
 */
export interface DispatchPlan {
  readonly chunkCount: number;
  /** By chunk: its first position; `chunkStart[chunkCount]` is the number of reachable blocks. */
  readonly chunkStart: Int32Array;
  readonly chunk: Int32Array;
  /** 1 where an edge arrives that isn't control falling from the block before. */
  readonly isLabelled: Int32Array;
  /** The state that leads to this block, −1 where the dispatcher never does: its chunk << shift | its number there. */
  readonly state: Int32Array;
  /** By chunk: positions that the dispatcher leads to, in order; those of c are `entry[entryStart[c]]` and on. */
  readonly entryStart: Int32Array;
  readonly entry: Int32Array;
  readonly shift: number;
  /** Most labels in a chunk, most chunks, most state-setting stubs of one switch: a quarter of the nesting that is allowed. */
  readonly width: number;
}

/** LIMIT when `maxNesting` allows too few labels for the graph: about (maxNesting / 4)² of them. */
export function planDispatch(analysis: FlowAnalysis, maxNesting: number, arena: IntArena): DispatchPlan {
  const { graph, order, position, reachableCount: count } = analysis;
  const { edgeStart, edgeTarget, terminator } = graph;
  const width = Math.max(1, Math.min(maxNesting >> 2, ENGINE_LIMITS.branchTableEntries));
  const isLabelled = arena.take(count);
  isLabelled[0] = 1;
  for (let at = 0; at < count; at++) {
    const block = order[at]!;
    const isSwitch = terminator[block] === Terminator.switch;
    for (let edge = edgeStart[block]!; edge < edgeStart[block + 1]!; edge++) {
      const target = position[edgeTarget[edge]!]!;
      if (isSwitch || target !== at + 1) isLabelled[target] = 1;
    }
  }

  const chunk = arena.take(count);
  const chunkStart = arena.take(count + 1);
  let chunkCount = 1;
  let labels = 0;
  for (let at = 0; at < count; at++) {
    labels += isLabelled[at]!;
    if (labels > width) {
      // The first block of a chunk is reached through the dispatcher alone.
      isLabelled[at] = 1;
      labels = 1;
      chunkStart[chunkCount++] = at;
    }
    chunk[at] = chunkCount - 1;
  }
  chunkStart[chunkCount] = count;
  refuseAbove(width, chunkCount, `chunks of ${width} labels in a dispatcher`);

  const state = arena.take(count, -1);
  state[0] = 0;
  for (let at = 0; at < count; at++) {
    const block = order[at]!;
    for (let edge = edgeStart[block]!; edge < edgeStart[block + 1]!; edge++) {
      const target = position[edgeTarget[edge]!]!;
      if (target <= at || chunk[target] !== chunk[at]) state[target] = 0;
    }
  }
  const entryStart = arena.take(chunkCount + 1);
  const entry = arena.take(count);
  let entries = 0;
  let widest = 0;
  for (let at = 0, current = 0; at < count; at++) {
    if (chunk[at] !== current) entryStart[++current] = entries;
    if (state[at] === -1) continue;
    const index = entries - entryStart[current]!;
    state[at] = index;
    entry[entries++] = at;
    if (index > widest) widest = index;
  }
  entryStart[chunkCount] = entries;
  const shift = 32 - Math.clz32(widest);
  for (let i = 0; i < entries; i++) {
    const at = entry[i]!;
    state[at] = (chunk[at]! << shift) | state[at]!;
  }
  return { chunkCount, chunkStart, chunk, isLabelled, state, entryStart, entry, shift, width };
}

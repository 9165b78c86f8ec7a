import type { DepthFirstSearch } from './depth-first-search.ts';
import type { BlockGraph } from './graph.ts';
import type { IntArena } from './int-arena.ts';

/** The reachable sources of the edges into each block; those of b are `source[start[b]]` to `source[start[b + 1] − 1]`. */
export interface Predecessors {
  readonly start: Int32Array;
  readonly source: Int32Array;
}

export function findPredecessors(
  { blockCount, edgeStart, edgeTarget }: BlockGraph,
  { reachableCount, order }: DepthFirstSearch,
  arena: IntArena,
): Predecessors {
  const start = arena.take(blockCount + 2);
  let edges = 0;
  for (let at = 0; at < reachableCount; at++) {
    const block = order[at]!;
    for (let edge = edgeStart[block]!; edge < edgeStart[block + 1]!; edge++, edges++) {
      start[edgeTarget[edge]! + 2]!++;
    }
  }
  for (let block = 2; block < blockCount + 2; block++) start[block]! += start[block - 1]!;
  const source = arena.take(edges);
  for (let at = 0; at < reachableCount; at++) {
    const block = order[at]!;
    for (let edge = edgeStart[block]!; edge < edgeStart[block + 1]!; edge++) {
      source[start[edgeTarget[edge]! + 1]!++] = block;
    }
  }
  return { start, source };
}

import type { BlockGraph } from './graph.ts';
import type { IntArena } from './int-arena.ts';

/** A depth-first search from the entry. */
export interface DepthFirstSearch {
  readonly reachableCount: number;
  readonly order: Int32Array;
  readonly position: Int32Array;
  /** By number in preorder: the block. */
  readonly preorder: Int32Array;
  /** Number in preorder, −1 where unreachable. */
  readonly number: Int32Array;
  /** By number in preorder: number of the block from which it was found; −1 for the entry. */
  readonly parent: Int32Array;
}

/** Successors are followed first to last, so that in `order` the last successor of a block comes soonest. */
export function searchDepthFirst(
  { blockCount, edgeStart, edgeTarget }: BlockGraph,
  arena: IntArena,
): DepthFirstSearch {
  const preorder = arena.take(blockCount);
  const number = arena.take(blockCount, -1);
  const parent = arena.take(blockCount, -1);
  const nextEdge = arena.take(blockCount);
  const path = arena.take(blockCount);
  const order = arena.take(blockCount);
  const position = arena.take(blockCount, -1);
  let found = 1;
  let depth = 1;
  let free = blockCount;
  number[0] = 0;
  nextEdge[0] = edgeStart[0]!;
  while (depth > 0) {
    const block = path[depth - 1]!;
    const edge = nextEdge[block]!;
    if (edge === edgeStart[block + 1]!) {
      order[--free] = block;
      depth--;
      continue;
    }
    nextEdge[block] = edge + 1;
    const target = edgeTarget[edge]!;
    if (number[target] !== -1) continue;
    number[target] = found;
    parent[found] = number[block]!;
    preorder[found++] = target;
    nextEdge[target] = edgeStart[target]!;
    path[depth++] = target;
  }
  order.copyWithin(0, free);
  for (let at = 0; at < found; at++) position[order[at]!] = at;
  return { reachableCount: found, order, position, preorder, number, parent };
}

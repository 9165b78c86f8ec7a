import type { DepthFirstSearch } from './depth-first-search.ts';
import type { IntArena } from './int-arena.ts';
import type { Predecessors } from './predecessors.ts';

/**
 * Immediate dominators by Lengauer and Tarjan ("A fast algorithm for finding dominators in a flowgraph", 1979), the simple variant with
 * path compression: O(edges · log blocks) for every graph, reducible or not. The shorter algorithm of Cooper, Harvey and Kennedy
 * walks up the tree for every meeting edge, which is quadratic where many blocks at different depths meet (early exits of one chain).
 *
 * All arrays inside but the predecessors are indexed by number in preorder.
 */
export function findDominators(
  blockCount: number,
  { reachableCount: count, preorder, number, parent }: DepthFirstSearch,
  predecessors: Predecessors,
  arena: IntArena,
): Int32Array {
  const { start, source } = predecessors;
  const semi = arena.take(count);
  const label = arena.take(count);
  const ancestor = arena.take(count, -1);
  const dominator = arena.take(count, -1);
  const bucketHead = arena.take(count, -1);
  const bucketNext = arena.take(count, -1);
  const path = arena.take(count);
  for (let v = 0; v < count; v++) {
    semi[v] = v;
    label[v] = v;
  }

  /** The vertex with the least semidominator on the way from v up to, but without, the root of its tree in the forest. */
  const evaluate = (v: number): number => {
    if (ancestor[v] === -1) return v;
    let length = 0;
    let at = v;
    while (ancestor[ancestor[at]!] !== -1) {
      path[length++] = at;
      at = ancestor[at]!;
    }
    while (length > 0) {
      at = path[--length]!;
      const above = ancestor[at]!;
      if (semi[label[above]!]! < semi[label[at]!]!) label[at] = label[above]!;
      ancestor[at] = ancestor[above]!;
    }
    return label[v]!;
  };

  for (let w = count - 1; w > 0; w--) {
    const block = preorder[w]!;
    for (let i = start[block]!; i < start[block + 1]!; i++) {
      const least = semi[evaluate(number[source[i]!]!)]!;
      if (least < semi[w]!) semi[w] = least;
    }
    const above = parent[w]!;
    bucketNext[w] = bucketHead[semi[w]!]!;
    bucketHead[semi[w]!] = w;
    ancestor[w] = above;
    for (let v = bucketHead[above]!; v !== -1; v = bucketNext[v]!) {
      const u = evaluate(v);
      dominator[v] = semi[u]! < semi[v]! ? u : above;
    }
    bucketHead[above] = -1;
  }
  const byBlock = arena.take(blockCount, -1);
  for (let w = 1; w < count; w++) {
    if (dominator[w] !== semi[w]) dominator[w] = dominator[dominator[w]!]!;
    byBlock[preorder[w]!] = preorder[dominator[w]!]!;
  }
  return byBlock;
}

import { searchDepthFirst } from './depth-first-search.ts';
import { findDominators } from './dominators.ts';
import { type BlockGraph, requireGraph } from './graph.ts';
import type { IntArena } from './int-arena.ts';
import { findPredecessors, type Predecessors } from './predecessors.ts';

/** What is known of a graph's shape. Arrays are indexed by block unless said otherwise. */
export interface FlowAnalysis {
  readonly graph: BlockGraph;
  /** Blocks that the entry reaches. */
  readonly reachableCount: number;
  /** By position: the reachable blocks in reverse postorder; `order[0]` is the entry. */
  readonly order: Int32Array;
  /** Place in `order`, −1 where unreachable. */
  readonly position: Int32Array;
  readonly predecessors: Predecessors;
  /** Immediate dominator, −1 for the entry and for unreachable blocks. */
  readonly immediateDominator: Int32Array;
  /** 1 where a retreating edge arrives: one from a block at the same or a later position. */
  readonly isLoopHeader: Int32Array;
  /** Whether every retreating edge's target dominates its source, so that each loop has one entry. */
  readonly isReducible: boolean;
}

/** Time O(edges · log blocks), no recursion. The arrays belong to the arena. BAD_GRAPH when the graph's arrays do not fit together. */
export function analyzeGraph(graph: BlockGraph, arena: IntArena): FlowAnalysis {
  requireGraph(graph);
  const { blockCount } = graph;
  const search = searchDepthFirst(graph, arena);
  const { reachableCount, order, position } = search;
  const predecessors = findPredecessors(graph, search, arena);
  const immediateDominator = findDominators(blockCount, search, predecessors, arena);
  const isLoopHeader = arena.take(blockCount);
  const dominates = numberTree(order, reachableCount, immediateDominator, arena);
  let isReducible = true;
  for (let at = 0; at < reachableCount; at++) {
    const block = order[at]!;
    for (let edge = graph.edgeStart[block]!; edge < graph.edgeStart[block + 1]!; edge++) {
      const target = graph.edgeTarget[edge]!;
      if (position[target]! > at) continue;
      isLoopHeader[target] = 1;
      if (!dominates(target, block)) isReducible = false;
    }
  }
  return {
    graph,
    reachableCount,
    order,
    position,
    predecessors,
    immediateDominator,
    isLoopHeader,
    isReducible,
  };
}

/** Numbers the dominator tree so that a subtree is a range; the test for it takes constant time. */
function numberTree(
  order: Int32Array,
  reachableCount: number,
  immediateDominator: Int32Array,
  arena: IntArena,
): (above: number, below: number) => boolean {
  const size = arena.take(immediateDominator.length, 1);
  const first = arena.take(immediateDominator.length);
  const next = arena.take(immediateDominator.length);
  // A dominator stands before what it dominates.
  for (let at = reachableCount - 1; at > 0; at--) {
    const block = order[at]!;
    size[immediateDominator[block]!]! += size[block]!;
  }
  next[order[0]!] = 1;
  for (let at = 1; at < reachableCount; at++) {
    const block = order[at]!;
    const above = immediateDominator[block]!;
    first[block] = next[above]!;
    next[above]! += size[block]!;
    next[block] = first[block]! + 1;
  }
  return (above, below) => first[below]! >= first[above]! && first[below]! < first[above]! + size[above]!;
}

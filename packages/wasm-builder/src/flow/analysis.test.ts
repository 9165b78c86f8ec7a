import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyGraph, graphOf, structuredGraph, successorsOf } from '../test-support/graphs.fixture.ts';
import { ControlFlow } from './control-flow.ts';
import type { BlockGraph } from './graph.ts';

function analyze(graph: BlockGraph) {
  return new ControlFlow().analyze(graph);
}

/** Blocks that the entry reaches on paths without `avoided`. */
function reach(graph: BlockGraph, avoided = -1): Set<number> {
  const seen = new Set<number>();
  const queue = avoided === 0 ? [] : [0];
  for (let block = queue.pop(); block !== undefined; block = queue.pop()) {
    if (seen.has(block)) continue;
    seen.add(block);
    queue.push(...successorsOf(graph, block).filter((target) => target !== avoided));
  }
  return seen;
}

/** By definition: d dominates b when b can't be reached without it; the immediate one is dominated by all others. */
function immediateDominators(graph: BlockGraph): number[] {
  const reachable = reach(graph);
  const dominators = new Map<number, number[]>([...reachable].map((block) => [block, []]));
  for (const dominator of reachable) {
    const without = reach(graph, dominator);
    for (const block of reachable) {
      if (block !== dominator && !without.has(block)) dominators.get(block)!.push(dominator);
    }
  }
  return Array.from({ length: graph.blockCount }, (_, block) => {
    const all = dominators.get(block) ?? [];
    return all.find((one) => dominators.get(one)!.length === all.length - 1) ?? -1;
  });
}

/** By Hecht and Ullman: removing self-loops and merging blocks into their only predecessor ends in one block. */
function isReducible(graph: BlockGraph): boolean {
  const successors = new Map([...reach(graph)].map((block) => [block, new Set(successorsOf(graph, block))]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const [block, targets] of successors) targets.delete(block);
    for (const block of [...successors.keys()]) {
      if (block === 0) continue;
      const predecessors = [...successors].filter(([, targets]) => targets.has(block));
      if (predecessors.length !== 1) continue;
      const [into, targets] = predecessors[0]!;
      targets.delete(block);
      for (const target of successors.get(block)!) targets.add(target);
      targets.delete(into);
      successors.delete(block);
      changed = true;
    }
  }
  return successors.size === 1;
}

test('orders the blocks so that only retreating edges go back, and finds loop headers', () => {
  // 0 → 1 → 2 ⇄ 1, 2 → 3; 4 is unreachable.
  const flow = analyze(graphOf([[1], [2], [1, 3], [], [1]]));
  expect(Array.from(flow.order.subarray(0, flow.reachableCount))).toEqual([0, 1, 2, 3]);
  expect(Array.from(flow.position)).toEqual([0, 1, 2, 3, -1]);
  expect(Array.from(flow.immediateDominator)).toEqual([-1, 0, 1, 2, -1]);
  expect(Array.from(flow.isLoopHeader)).toEqual([0, 1, 0, 0, 0]);
  expect(flow.isReducible).toBe(true);
});

test('a loop with two entries is irreducible', () => {
  expect(analyze(graphOf([[1, 2], [2], [1]])).isReducible).toBe(false);
});

describe('for any graph', () => {
  test('dominators and reducibility are what their definitions say', () => {
    let irreducible = 0;
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const flow = analyze(graph);
        expect(Array.from(flow.immediateDominator)).toEqual(immediateDominators(graph));
        expect(flow.isReducible).toBe(isReducible(graph));
        expect(new Set(flow.order.subarray(0, flow.reachableCount))).toEqual(reach(graph));
        if (!flow.isReducible) irreducible++;
      }),
      { numRuns: 1000 },
    );
    expect(irreducible).toBeGreaterThan(100);
  });

  test('structured programs are reducible', () => {
    fc.assert(
      fc.property(structuredGraph, (graph) => {
        const flow = analyze(graph);
        expect(Array.from(flow.immediateDominator)).toEqual(immediateDominators(graph));
        expect(flow.isReducible).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([
  ['no blocks', { blockCount: 0, edgeStart: [0], edgeTarget: [], terminator: [] }],
  ['too few edge starts', { blockCount: 2, edgeStart: [0, 0], edgeTarget: [], terminator: [0, 0] }],
  ['a jump without an edge', { blockCount: 1, edgeStart: [0, 0], edgeTarget: [], terminator: [1] }],
  ['a switch without a default', { blockCount: 1, edgeStart: [0, 0], edgeTarget: [], terminator: [3] }],
  ['an unknown terminator', { blockCount: 1, edgeStart: [0, 0], edgeTarget: [], terminator: [4] }],
  ['an edge out of the graph', { blockCount: 1, edgeStart: [0, 1], edgeTarget: [1], terminator: [1] }],
  ['fewer targets than edges', { blockCount: 1, edgeStart: [0, 1], edgeTarget: [], terminator: [1] }],
])('%s is refused', (_, { blockCount, edgeStart, edgeTarget, terminator }) => {
  const graph = {
    blockCount,
    edgeStart: Int32Array.from(edgeStart),
    edgeTarget: Int32Array.from(edgeTarget),
    terminator: Uint8Array.from(terminator),
  };
  expect(() => analyze(graph)).toThrow(/^BAD_GRAPH: /);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphOf, structuredGraph } from '../test-support/graphs.fixture.ts';
import type { FlowAnalysis } from './analysis.ts';
import { analyzeGraph } from './analysis.ts';
import { IntArena } from './int-arena.ts';
import { findLoops, loopLeft } from './loops.ts';

/** By definition: the header, and what reaches a source of an edge back to it without passing it. */
function naturalLoop({ position, predecessors }: FlowAnalysis, header: number): Set<number> {
  const sources = (block: number): number[] =>
    Array.from(predecessors.source.subarray(predecessors.start[block]!, predecessors.start[block + 1]!));
  const inside = new Set([header]);
  const queue = sources(header).filter((source) => position[source]! >= position[header]!);
  for (let block = queue.pop(); block !== undefined; block = queue.pop()) {
    if (inside.has(block)) continue;
    inside.add(block);
    queue.push(...sources(block));
  }
  return inside;
}

test('loops are what their definition says, and so is the loop that a block lies behind', () => {
  let loopsLeft = 0;
  fc.assert(
    fc.property(structuredGraph, (graph) => {
      const arena = new IntArena();
      const flow = analyzeGraph(graph, arena);
      const loops = findLoops(flow, arena);
      const blocks = Array.from(flow.order.subarray(0, flow.reachableCount));
      const natural = new Map(
        blocks
          .filter((block) => flow.isLoopHeader[block] === 1)
          .map((header) => [header, naturalLoop(flow, header)]),
      );
      for (const block of blocks) {
        // Smallest first: the loops around a block nest.
        const around = [...natural]
          .filter(([, inside]) => inside.has(block))
          .sort(([, a], [, b]) => a.size - b.size)
          .map(([header]) => header);
        expect(loops.innermost[block]).toBe(around[0] ?? -1);
        if (natural.has(block)) {
          expect([loops.outer[block], loops.depth[block]]).toEqual([around[1] ?? -1, around.length]);
        }
        if (block === 0) continue;
        const dominator = flow.immediateDominator[block]!;
        const left = [...natural]
          .filter(([, inside]) => inside.has(dominator) && !inside.has(block))
          .sort(([, a], [, b]) => b.size - a.size);
        expect(loopLeft(loops, dominator, block)).toBe(left[0]?.[0] ?? -1);
        loopsLeft += left.length;
      }
    }),
    { numRuns: 1000 },
  );
  expect(loopsLeft).toBeGreaterThan(200);
});

test('a way out of 1,000 loops at once is found by jumps', () => {
  // Each block opens a loop; the middle one leaves to the end, the others close.
  const depth = 1000;
  const successors = Array.from({ length: depth }, (_, block) => [block + 1]);
  successors.push([2 * depth + 1, depth + 1]);
  for (let i = 0; i < depth; i++) successors.push([depth - 1 - i, depth + 2 + i]);
  successors.push([]);
  const arena = new IntArena();
  const flow = analyzeGraph(graphOf(successors), arena);
  const loops = findLoops(flow, arena);
  expect(loops.depth[depth - 1]).toBe(depth);
  expect(loopLeft(loops, depth, 2 * depth + 1)).toBe(0);
  expect(loopLeft(loops, 2 * depth - 1, 2 * depth)).toBe(1);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyGraph, graphOf, structuredGraph } from '../test-support/graphs.fixture.ts';
import { compileGraph, execute, interpret } from '../test-support/run-graph.fixture.ts';
import { engine } from '../test-support/web-assembly.fixture.ts';
import type { ControlFlowOptions, ControlFlowShape } from './control-flow.ts';
import { type BlockGraph, Terminator } from './graph.ts';

const STEPS = 200;
const decisions = fc.array(fc.oneof(fc.nat(3), fc.nat(7), fc.constantFrom(-1, 0x7fff_ffff)), {
  maxLength: 40,
});

/** Holds what was emitted to a walk of the graph itself, and returns the shape that it took. */
function holdToWalk(
  graph: BlockGraph,
  chosen: readonly number[],
  options?: ControlFlowOptions,
): ControlFlowShape {
  const { module, shape, deepest } = compileGraph(graph, options);
  expect(engine.validate(module)).toBe(true);
  expect(deepest).toBeLessThanOrEqual(options?.maxNesting ?? graph.blockCount * 2);
  expect(execute(module, chosen, STEPS)).toEqual(interpret(graph, chosen, STEPS));
  return shape;
}

describe('what is emitted visits the blocks that the graph visits:', () => {
  test('structured programs, as nested constructs', () => {
    fc.assert(
      fc.property(structuredGraph, decisions, (graph, chosen) => {
        expect(holdToWalk(graph, chosen)).toBe('structured');
      }),
      { numRuns: 1000 },
    );
  });

  test('any graph, in the shape that fits', () => {
    const shapes = { structured: 0, dispatcher: 0 };
    fc.assert(
      fc.property(anyGraph, decisions, (graph, chosen) => {
        shapes[holdToWalk(graph, chosen)]++;
      }),
      { numRuns: 1000 },
    );
    expect(shapes.structured).toBeGreaterThan(100);
    expect(shapes.dispatcher).toBeGreaterThan(100);
  });

  test('any graph by the dispatcher, in chunks of a few labels', () => {
    fc.assert(
      fc.property(anyGraph, decisions, fc.integer({ min: 12, max: 40 }), (graph, chosen, maxNesting) => {
        // Three labels in each of three chunks hold nine blocks; what needs more is refused.
        let shape: ControlFlowShape;
        try {
          shape = holdToWalk(graph, chosen, { maxNesting, shape: 'dispatcher' });
        } catch (error) {
          expect(String(error)).toMatch(/LIMIT: \d+ chunks of [3-9] labels in a dispatcher/);
          return;
        }
        expect(shape).toBe('dispatcher');
      }),
      { numRuns: 1000 },
    );
  });
});

test('a loop with two entries runs through the dispatcher', () => {
  const graph = graphOf([[1, 2], [2], [1, 3], []]);
  const { module, shape } = compileGraph(graph);
  expect(shape).toBe('dispatcher');
  expect(execute(module, [0, 1, 1, 0], STEPS)).toEqual({ visited: [0, 2, 1, 2, 1, 2, 3], result: 3 });
});

test('loops one after another do not nest', () => {
  // Header 2 i + 1 leaves to the next one, or loops through 2 i + 2.
  const loops = 20_000;
  const successors: number[][] = [[1]];
  for (let i = 0; i < loops; i++) successors.push([2 * i + 2, 2 * i + 3], [2 * i + 1]);
  successors.push([]);
  const graph = graphOf(successors);
  const { module, shape, deepest } = compileGraph(graph, {}, false);
  expect({ shape, deepest }).toEqual({ shape: 'structured', deepest: 2 });
  const chosen = [1, 1, 0, 0, 1];
  expect(execute(module, chosen, STEPS)).toEqual(interpret(graph, chosen, STEPS));
});

test('structured emission nests as deep as it may, and no deeper', () => {
  fc.assert(
    fc.property(structuredGraph, (graph) => {
      const { deepest } = compileGraph(graph, {}, false);
      expect(compileGraph(graph, { maxNesting: deepest }, false).shape).toBe('structured');
      if (deepest === 0) return;
      let shape: string;
      try {
        shape = compileGraph(graph, { maxNesting: deepest - 1 }, false).shape;
      } catch (error) {
        shape = String(error);
      }
      expect(shape).toMatch(/^dispatcher$|LIMIT: \d+ chunks of \d+ labels in a dispatcher/);
    }),
    { numRuns: 300 },
  );
});

describe('graphs made to be slow', () => {
  const COUNT = 100_000;

  /** Block i goes on to i + 1 or to what `other` says; the last one leaves. */
  function chain(count: number, other: (block: number) => number): BlockGraph {
    const successors = Array.from({ length: count }, (_, block) =>
      block === count - 1 ? [] : [other(block), block + 1],
    );
    return graphOf(successors);
  }

  function visits(
    graph: BlockGraph,
    first: Iterable<number>,
    options?: ControlFlowOptions,
  ): ControlFlowShape {
    const chosen = [...first];
    const { module, shape } = compileGraph(graph, options, false);
    expect(engine.validate(module)).toBe(true);
    expect(execute(module, chosen, 30)).toEqual(interpret(graph, chosen, 30));
    return shape;
  }

  test('a chain in which every block may leave early to the last', () => {
    expect(
      visits(
        chain(COUNT, () => COUNT - 1),
        [0, 0, 0, 1],
      ),
    ).toBe('structured');
  });

  test('one loop in another, 50,000 deep', () => {
    const successors = Array.from({ length: COUNT }, (_, block) => {
      if (block < COUNT / 2) return [block + 1];
      return block === COUNT - 1 ? [] : [COUNT - 1 - block, block + 1];
    });
    expect(visits(graphOf(successors), [])).toBe('dispatcher');
  });

  test('an if in an if, 30,000 deep', () => {
    // Block i chooses between i + 1 and its own else; all meet again one after another.
    const depth = 30_000;
    const successors: number[][] = [];
    for (let i = 0; i < depth; i++) successors.push([i + 1, depth + 1 + i]);
    successors.push([2 * depth + 1]);
    for (let i = 0; i < depth; i++) successors.push([3 * depth - i + 1]);
    for (let i = 0; i < depth; i++) successors.push([2 * depth + 2 + i]);
    successors.push([]);
    expect(visits(graphOf(successors), [1, 1, 0])).toBe('dispatcher');
  });

  test('a switch with 65,520 cases that each go on to the next one', () => {
    const cases = 65_520;
    const successors = [Array.from({ length: cases + 1 }, (_, i) => i + 1)];
    for (let i = 1; i <= cases; i++) successors.push([i + 1]);
    successors.push([]);
    expect(visits(graphOf(successors), [65_510])).toBe('dispatcher');
    expect(visits(graphOf(successors), [-1])).toBe('dispatcher');
  });

  test('a switch with 50,000 cases back to as many loops', () => {
    const cases = 50_000;
    const successors: number[][] = [];
    for (let i = 0; i < cases; i++) successors.push([i + 1]);
    successors.push(Array.from({ length: cases + 1 }, (_, i) => i));
    for (const index of [49_999, 1_023, 1_024, 1_025, 50_000]) {
      const graph = graphOf(successors);
      const { module } = compileGraph(graph, {}, false);
      const chosen = [index];
      expect(engine.validate(module)).toBe(true);
      expect(execute(module, chosen, cases + 30)).toEqual(interpret(graph, chosen, cases + 30));
    }
  });

  test('a ladder of 100,000 blocks without a single dominator below the entry', () => {
    const successors: number[][] = [[1, 2]];
    for (let i = 1; i < COUNT; i++) successors.push(i + 2 < COUNT ? [i + 1, i + 2] : []);
    expect(visits(graphOf(successors), [1, 0, 1])).toBe('dispatcher');
  });
});

test('more than 65,520 cases are refused before anything is emitted', () => {
  const cases = 65_521;
  const graph = graphOf([Array.from({ length: cases + 1 }, () => 1), []]);
  for (const shape of ['auto', 'dispatcher'] as const) {
    expect(() => compileGraph(graph, { shape })).toThrow(
      'LIMIT: 65521 cases of the switch in block 0, at most 65520 are accepted',
    );
  }
});

test('more labels than the nesting can hold are refused', () => {
  const graph = graphOf(Array.from({ length: 40 }, () => [0, 39]));
  expect(() => compileGraph(graph, { maxNesting: 8 })).not.toThrow();
  const switched = graphOf([
    Array.from({ length: 40 }, (_, i) => i),
    ...Array.from({ length: 39 }, () => [0]),
  ]);
  expect(() => compileGraph(switched, { maxNesting: 8 })).toThrow(
    /^LIMIT: 20 chunks of 2 labels in a dispatcher/,
  );
});

test('Terminator numbers are the number of edges but for switches', () => {
  expect(Terminator).toEqual({ exit: 0, jump: 1, branch: 2, switch: 3 });
});

import type { BlockEmitter } from '../flow/block-emitter.ts';
import { ControlFlow, type ControlFlowOptions, type ControlFlowShape } from '../flow/control-flow.ts';
import { type BlockGraph, Terminator } from '../flow/graph.ts';
import { ModuleBuilder } from '../module-builder.ts';
import { Op } from '../opcodes.ts';
import { I32 } from '../value-types.ts';
import { successorsOf } from './graphs.fixture.ts';
import { instantiate } from './web-assembly.fixture.ts';

/** Decisions in place of data: what each branch and switch sees, in order; then 0, 1, 2, 3, … */
export type Decisions = readonly number[];

export interface Run {
  readonly visited: readonly number[];
  /** The block that left, or −1 where the bound on steps ended the run. */
  readonly result: number;
}

/** Walks the graph directly. */
export function interpret(graph: BlockGraph, decisions: Decisions, steps: number): Run {
  const visited: number[] = [];
  const next = decisionReader(decisions);
  for (let block = 0; ; ) {
    visited.push(block);
    if (visited.length > steps) return { visited, result: -1 };
    const targets = successorsOf(graph, block);
    switch (graph.terminator[block]) {
      case Terminator.exit:
        return { visited, result: block };
      case Terminator.jump:
        block = targets[0]!;
        break;
      case Terminator.branch:
        block = next() !== 0 ? targets[0]! : targets[1]!;
        break;
      default: {
        const index = next() >>> 0;
        block = targets[Math.min(index, targets.length - 1)]!;
      }
    }
  }
}

function decisionReader(decisions: Decisions): () => number {
  let at = 0;
  return () => (at < decisions.length ? decisions[at++]! : at++ - decisions.length) | 0;
}

/** A module whose function `run` walks the graph: it reports each block to `trace`, asks `decide`, returns the block that leaves. `deepest` counts the constructs around a block. */
export function compileGraph(
  graph: BlockGraph,
  options: ControlFlowOptions = {},
  checked = true,
): { readonly module: Uint8Array; readonly shape: ControlFlowShape; readonly deepest: number } {
  const builder = new ModuleBuilder({ checked });
  const trace = builder.importFunction('host', 'trace', builder.addType([I32], []));
  const decide = builder.importFunction('host', 'decide', builder.addType([], [I32]));
  const run = builder.addFunction(builder.addType([], [I32]));
  builder.exportFunction('run', run);
  const body = builder.body(run);
  let deepest = 0;
  const emitter: BlockEmitter = {
    emitBlock(block) {
      deepest = Math.max(deepest, body.depth);
      body.i32Const(block);
      body.call(trace);
      if (graph.terminator[block] === Terminator.exit) {
        body.i32Const(block);
        body.op(Op.return);
      } else if (graph.terminator[block] !== Terminator.jump) {
        body.call(decide);
      }
    },
  };
  const flow = new ControlFlow();
  const shape = flow.emit(flow.analyze(graph), body, emitter, options);
  body.finish();
  return { module: builder.finish(), shape, deepest };
}

/** Runs what {@link compileGraph} made. */
export function execute(module: Uint8Array, decisions: Decisions, steps: number): Run {
  const visited: number[] = [];
  const outOfSteps = new Error('out of steps');
  const host = {
    trace(block: number) {
      visited.push(block);
      if (visited.length > steps) throw outOfSteps;
    },
    decide: decisionReader(decisions),
  };
  try {
    return { result: instantiate(module, { host })['run'](), visited };
  } catch (error) {
    if (error !== outOfSteps) throw error;
    return { visited, result: -1 };
  }
}

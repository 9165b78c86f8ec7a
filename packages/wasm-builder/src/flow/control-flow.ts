import { refuseAbove } from '../error.ts';
import type { FunctionBody } from '../function-body.ts';
import { ENGINE_LIMITS } from '../limits.ts';
import { I32 } from '../value-types.ts';
import { analyzeGraph, type FlowAnalysis } from './analysis.ts';
import type { BlockEmitter } from './block-emitter.ts';
import { planDispatch } from './dispatch-plan.ts';
import { emitDispatcher } from './dispatcher.ts';
import type { BlockGraph } from './graph.ts';
import { IntArena } from './int-arena.ts';
import { emitStructured, planStructure } from './structured.ts';

/**
 * Constructs that structuring may nest unless told otherwise. V8 accepts any depth, but the time of its optimising compiler grows with
 * the square: 5,000 nested blocks took Node 20 some 70 ms, 10,000 took 0.3 s, 50,000 took 15 s.
 */
export const DEFAULT_MAX_NESTING = 4096;

export interface ControlFlowOptions {
  /** Most constructs of structuring open at one time, at least 8; default {@link DEFAULT_MAX_NESTING}. */
  readonly maxNesting?: number;
  /** `dispatcher` uses it for reducible graphs too. */
  readonly shape?: 'auto' | 'dispatcher';
}

/** `structured`: as the source might have been; `dispatcher`: a loop around a jump table, two to three times slower in hot loops. */
export type ControlFlowShape = 'structured' | 'dispatcher';

/**
 * Turns basic blocks and edges into WebAssembly's nested constructs. Keeps its working arrays for the next graph: use one object for many
 * functions.
 */
export class ControlFlow {
  private readonly arena = new IntArena();

  /** The graph's shape, valid until the next call. BAD_GRAPH when its arrays do not fit together. */
  analyze(graph: BlockGraph): FlowAnalysis {
    this.arena.reset();
    return analyzeGraph(graph, this.arena);
  }

  /**
   * Emits the graph that `analyze` was last called with. Control enters at block 0; the code after it can't be reached. A dispatcher
   * adds a local to the body. LIMIT when a switch has more than 65,520 cases, or the graph more labels than `maxNesting` can hold:
   * about (maxNesting / 4)².
   */
  emit(
    analysis: FlowAnalysis,
    body: FunctionBody,
    emitter: BlockEmitter,
    { maxNesting = DEFAULT_MAX_NESTING, shape = 'auto' }: ControlFlowOptions = {},
  ): ControlFlowShape {
    requireSwitches(analysis);
    if (analysis.isReducible && shape === 'auto') {
      const plan = planStructure(analysis, this.arena);
      if (plan.nesting <= maxNesting) {
        emitStructured(analysis, plan, body, emitter, this.arena);
        return 'structured';
      }
    }
    const plan = planDispatch(analysis, maxNesting, this.arena);
    emitDispatcher(analysis, plan, body, emitter, body.addLocal(I32), this.arena);
    return 'dispatcher';
  }
}

/** No shape takes more cases than engines do, so that what is accepted doesn't depend on the shape. */
function requireSwitches({ graph, order, reachableCount }: FlowAnalysis): void {
  for (let at = 0; at < reachableCount; at++) {
    const block = order[at]!;
    const cases = graph.edgeStart[block + 1]! - graph.edgeStart[block]! - 1;
    refuseAbove(ENGINE_LIMITS.branchTableEntries, cases, `cases of the switch in block ${block}`);
  }
}

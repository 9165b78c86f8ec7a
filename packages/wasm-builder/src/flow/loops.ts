import type { FlowAnalysis } from './analysis.ts';
import type { IntArena } from './int-arena.ts';

/** The natural loops of a reducible graph, each named by its header. Arrays are by block. */
export interface Loops {
  /** Header of the innermost loop around a block, itself for a header; −1 outside of loops. */
  readonly innermost: Int32Array;
  /** For a header: header of the next loop around its own, −1 for the outermost. */
  readonly outer: Int32Array;
  /** For a header: loops around it, its own included. */
  readonly depth: Int32Array;
  /** For a header: a header further out, so that walks outward take logarithmic time (Myers' skew-binary jumps). */
  readonly jump: Int32Array;
}

/** After Tarjan, "Testing flow graph reducibility" (1974): innermost headers first, each finished loop shrinks to its header. */
export function findLoops(analysis: FlowAnalysis, arena: IntArena): Loops {
  const { graph, order, position, reachableCount, predecessors, isLoopHeader } = analysis;
  const { start, source } = predecessors;
  const innermost = arena.take(graph.blockCount, -1);
  const outer = arena.take(graph.blockCount, -1);
  const shrunkTo = arena.take(graph.blockCount);
  for (let block = 0; block < graph.blockCount; block++) shrunkTo[block] = block;
  const find = (block: number): number => {
    let at = block;
    while (shrunkTo[at] !== at) {
      shrunkTo[at] = shrunkTo[shrunkTo[at]!]!;
      at = shrunkTo[at]!;
    }
    return at;
  };
  const queue = arena.take(source.length);
  for (let at = reachableCount - 1; at >= 0; at--) {
    const header = order[at]!;
    if (isLoopHeader[header] === 0) continue;
    innermost[header] = header;
    let length = 0;
    for (let i = start[header]!; i < start[header + 1]!; i++) {
      if (position[source[i]!]! >= at) queue[length++] = source[i]!;
    }
    while (length > 0) {
      const block = find(queue[--length]!);
      if (block === header) continue;
      if (isLoopHeader[block] === 1) outer[block] = header;
      else innermost[block] = header;
      shrunkTo[block] = header;
      for (let i = start[block]!; i < start[block + 1]!; i++) queue[length++] = source[i]!;
    }
  }

  const depth = arena.take(graph.blockCount);
  const jump = arena.take(graph.blockCount);
  for (let at = 0; at < reachableCount; at++) {
    const header = order[at]!;
    if (isLoopHeader[header] === 0) continue;
    const around = outer[header]!;
    if (around === -1) {
      depth[header] = 1;
      jump[header] = header;
      continue;
    }
    depth[header] = depth[around]! + 1;
    const far = jump[around]!;
    jump[header] = depth[around]! - depth[far]! === depth[far]! - depth[jump[far]!]! ? jump[far]! : around;
  }
  return { innermost, outer, depth, jump };
}

/**
 * The outermost loop that holds `dominator` but not `block`, which it immediately dominates; −1 where there is none. The loops around
 * `block`, without its own, all hold its dominator.
 */
export function loopLeft({ innermost, outer, depth, jump }: Loops, dominator: number, block: number): number {
  const around = innermost[block] === block ? outer[block]! : innermost[block]!;
  const shared = around === -1 ? 0 : depth[around]!;
  let loop = innermost[dominator]!;
  if (loop === -1 || depth[loop]! <= shared) return -1;
  while (depth[loop]! > shared + 1) {
    loop = depth[jump[loop]!]! > shared ? jump[loop]! : outer[loop]!;
  }
  return loop;
}

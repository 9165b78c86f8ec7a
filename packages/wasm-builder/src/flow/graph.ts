import { WasmBuilderError } from '../error.ts';

/** How a block ends; it fixes how many edges leave it. */
export const Terminator = {
  /** No edge: the block's own code returns or traps. */
  exit: 0,
  /** One edge: a jump, or falling into the next block. */
  jump: 1,
  /** Two edges, by an i32 that the block leaves on the stack: taken when it isn't 0, else. */
  branch: 2,
  /** One or more edges, by an i32 that the block leaves on the stack: case 0, case 1, …, and last the default for all others. */
  switch: 3,
} as const;

/**
 * Basic blocks 0, 1, … and the edges between them, as flat arrays; block 0 is the entry. The edges of block b are
 * `edgeTarget[edgeStart[b]]` to `edgeTarget[edgeStart[b + 1] − 1]`, in the order that {@link Terminator} says. Arrays may be longer
 * than needed. Blocks that the entry doesn't reach are not emitted.
 */
export interface BlockGraph {
  readonly blockCount: number;
  /** `blockCount + 1` numbers, the first is 0. */
  readonly edgeStart: Int32Array;
  readonly edgeTarget: Int32Array;
  /** A {@link Terminator} for each block. */
  readonly terminator: Uint8Array;
}

/** Throws BAD_GRAPH unless the arrays fit together. */
export function requireGraph({ blockCount, edgeStart, edgeTarget, terminator }: BlockGraph): void {
  const refuse = (what: string) => {
    throw new WasmBuilderError('BAD_GRAPH', what);
  };
  if (!(blockCount > 0) || edgeStart.length <= blockCount || terminator.length < blockCount) {
    refuse(`${blockCount} blocks, ${edgeStart.length} edge starts, ${terminator.length} terminators`);
  }
  if (edgeStart[0] !== 0 || edgeStart[blockCount]! > edgeTarget.length) {
    refuse(`edges start at ${edgeStart[0]} and end at ${edgeStart[blockCount]} of ${edgeTarget.length}`);
  }
  for (let block = 0; block < blockCount; block++) {
    const edges = edgeStart[block + 1]! - edgeStart[block]!;
    const kind = terminator[block]!;
    const fits = kind === Terminator.switch ? edges >= 1 : kind < Terminator.switch && edges === kind;
    if (!fits) refuse(`block ${block} has terminator ${kind} and ${edges} edges`);
  }
  const edgeCount = edgeStart[blockCount]!;
  for (let edge = 0; edge < edgeCount; edge++) {
    const target = edgeTarget[edge]!;
    if (target < 0 || target >= blockCount) refuse(`edge ${edge} leads to block ${target} of ${blockCount}`);
  }
}

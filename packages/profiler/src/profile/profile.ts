import type { ExecutionStatus, SourceLocation } from '@switchyard/core';

/** Something that gas is spent in. */
export interface ProfileFrame {
  /** `contract`: a call of a contract on its engine; `rest`: calls that the profile had no room for. */
  readonly kind: 'contract' | 'function' | 'syscall' | 'rest';
  /** A name out of the contract's file is text of whoever made the file: escape it before showing it. */
  readonly name: string;
  /** Address as hexadecimal, of a contract and of functions in it. */
  readonly contract?: string;
  readonly engine?: string;
  /** Where a function begins, where that is known. */
  readonly source?: SourceLocation;
}

/** A call of a frame, or equal calls by one caller together. */
export interface ProfileNode {
  /** Index in `frames`. */
  readonly frame: number;
  /** Number of callers; the outermost call has 0. */
  readonly depth: number;
  /** How often it was called. */
  readonly calls: number;
  /** Gas spent here, without what is called from here. */
  readonly self: bigint;
  /** Gas spent here and below. */
  readonly total: bigint;
}

/** Gas of one line of source, what it calls not included but for syscalls' own price. */
export interface LineGas {
  readonly contract: string;
  readonly source: SourceLocation;
  readonly gas: bigint;
}

/** Where the gas of a transaction's run went. The same run gives the same profile. */
export interface Profile {
  readonly status: ExecutionStatus;
  /** Code of the error that ended the outermost call; null for success. */
  readonly error: string | null;
  /** Raw gas of the outermost call: the sum of `self` of all nodes. */
  readonly gasUsed: bigint;
  readonly gasLimit: bigint;
  readonly frames: readonly ProfileFrame[];
  /** The tree of calls, depth first: a node's children follow it, one deeper. */
  readonly nodes: readonly ProfileNode[];
  /** Lines that gas was spent in, most expensive first; empty without debug information. */
  readonly lines: readonly LineGas[];
  /** True when calls were put together under `rest` because there were too many different ones. */
  readonly isCut: boolean;
}

/** Gas of a function, contract or syscall over the whole run. */
export interface FrameGas {
  readonly frame: ProfileFrame;
  readonly self: bigint;
  /** A call inside a call of itself counts once. */
  readonly total: bigint;
  readonly calls: number;
}

/** Gas by frame, most expensive by itself first; of equal ones the first called. */
export function gasByFrame({ frames, nodes }: Profile): readonly FrameGas[] {
  const sums = frames.map((frame) => ({ frame, self: 0n, total: 0n, calls: 0, open: 0 }));
  const path: number[] = [];
  for (const node of nodes) {
    while (path.length > node.depth) sums[path.pop()!]!.open--;
    const sum = sums[node.frame]!;
    sum.self += node.self;
    sum.calls += node.calls;
    if (sum.open === 0) sum.total += node.total;
    sum.open++;
    path.push(node.frame);
  }
  return sums
    .map(({ frame, self, total, calls }) => ({ frame, self, total, calls }))
    .sort((a, b) => compare(b.self, a.self) || compare(b.total, a.total));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { Box } from '../values/box.ts';

/** All that a module holds (spec §2.1): no names, no types, no arity. Immutable. */
export interface LegacyModule {
  /** Distinct; the index is the operand of `Constant`. */
  readonly constants: readonly Box[];
  /** Bytecode, one string per function; the index is the chunk id. */
  readonly chunks: readonly Uint8Array[];
  /** Chunks that can be called from outside, in order. */
  readonly entries: ReadonlySet<number>;
  /** Hook id → chunk id, in order. */
  readonly hooks: ReadonlyMap<number, number>;
}

import { Op as Wasm } from '@switchyard/wasm-builder';
import { ACCESSES } from './instruction.ts';

/** One of the twelve memory accesses, in the order of `Op`. */
export interface AccessKind {
  /** log2 of its bytes. */
  readonly logSize: number;
  readonly from: 'memory' | 'imm' | 'reg';
  /** The WebAssembly instruction, on i64. */
  readonly op: number;
}

const LOADS = [Wasm.i64Load8U, Wasm.i64Load16U, Wasm.i64Load32U, Wasm.i64Load] as const;
const STORES = [Wasm.i64Store8, Wasm.i64Store16, Wasm.i64Store32, Wasm.i64Store] as const;

/** The first four load; the others store. */
export const accessKinds: readonly AccessKind[] = Array.from({ length: ACCESSES }, (_, index) => {
  const logSize = index & 3;
  return index < LOADS.length
    ? { logSize, from: 'memory', op: LOADS[logSize]! }
    : { logSize, from: index < 2 * LOADS.length ? 'imm' : 'reg', op: STORES[logSize]! };
});

/** Number of the first store. */
export const FIRST_STORE = LOADS.length;

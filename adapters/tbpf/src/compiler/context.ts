import type { ControlFlow } from '@switchyard/wasm-builder';
import type { Bounds } from './bounds.ts';
import type { FunctionSet } from './functions.ts';
import type { Helpers } from './helpers.ts';
import type { CompilerInput } from './input.ts';
import type { Liveness } from './liveness.ts';
import type { MeterPlan } from './meter-plan.ts';

/** Function indices of what the slot gives to compiled code. */
export interface SlotImports {
  readonly resume: number;
  readonly syscall: number;
  readonly unwind: number;
  /** In the order of `memorySyscalls`; empty where the program uses none. */
  readonly memory: readonly number[];
}

/** What the functions of one module share while they are written. */
export interface CompilerContext {
  readonly input: CompilerInput;
  readonly set: FunctionSet;
  readonly liveness: Liveness;
  /** Predicted region of the access at a slot. */
  readonly regions: Uint8Array;
  readonly bounds: Bounds;
  readonly meterPlan: MeterPlan;
  readonly controlFlow: ControlFlow;
  readonly helpers: Helpers;
  readonly imports: SlotImports;
  /** By slot: registers that are live before it in the function at hand. */
  readonly live: Uint16Array;
  /** By slot: group of the access in the function at hand. */
  readonly groupAt: Int32Array;
  /** Wasm function of the TBPF function with this index. */
  functionIndex(index: number): number;
  /** (slot) → place in the table of adapters, or −1. */
  callxLookup(): number;
  /** Type of the adapters by which `callx` calls. */
  adapterType(): number;
}

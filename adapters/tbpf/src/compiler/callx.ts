import {
  type FunctionBody,
  I32,
  I64,
  i32,
  type ModuleBuilder,
  type ValueType,
  Op as W,
} from '@switchyard/wasm-builder';
import { Cell } from '../linear/layout.ts';
import type { FunctionSet } from './functions.ts';
import type { CompilerInput } from './input.ts';
import type { Liveness } from './liveness.ts';

const REGISTERS = 10;

/**
 * What `callx` needs of a module: a table of adapters, which all have one type and pass registers through the cells, and a function that
 * finds the adapter of a slot by binary search.
 */
export class CallxTable {
  readonly #module: ModuleBuilder;
  readonly #input: CompilerInput;
  readonly #set: FunctionSet;
  #lookup: number | undefined;
  #type: number | undefined;

  constructor(module: ModuleBuilder, input: CompilerInput, set: FunctionSet) {
    this.#module = module;
    this.#input = input;
    this.#set = set;
    if (set.usesCallx) module.addTable({ minimum: input.callxTargets.length });
  }

  /** (slot) → place in the table, or −1. */
  lookup(): number {
    this.#lookup ??= this.#module.addFunction(this.#module.addType([I32], [I32]));
    return this.#lookup;
  }

  /** (frame, or r10 and depth; meter) → (meter). */
  type(): number {
    const { metered } = this.#input;
    this.#type ??= this.#module.addType(this.#parameters(), metered ? [I64] : []);
    return this.#type;
  }

  #parameters(): ValueType[] {
    const { metered, dynamicFrames } = this.#input;
    const frame: ValueType[] = dynamicFrames ? [I64, I32] : [I32];
    return metered ? [...frame, I64] : frame;
  }

  /** Writes lookup, adapters and table. */
  finish(liveness: Liveness, functionIndex: (index: number) => number): void {
    if (this.#lookup === undefined) return;
    const { callxTargets } = this.#input;
    const module = this.#module;
    const body = module.body(this.#lookup);
    emitSearch(body, callxTargets, 0, callxTargets.length);
    body.finish();
    const adapters = Array.from(callxTargets, (pc) => {
      const adapter = module.addFunction(this.type());
      this.#emitAdapter(adapter, this.#set.functionAt[pc]!, liveness, functionIndex);
      return adapter;
    });
    module.addElements({ mode: 'active', offset: i32(0), functions: adapters });
  }

  #emitAdapter(
    adapter: number,
    callee: number,
    liveness: Liveness,
    functionIndex: (index: number) => number,
  ): void {
    const body = this.#module.body(adapter);
    const parameters = this.#parameters();
    loadRegisters(body, liveness.parameters[callee]!);
    for (const [index] of parameters.entries()) body.localGet(index);
    body.call(functionIndex(callee));
    const meter = this.#input.metered ? parameters.length - 1 : undefined;
    if (meter !== undefined) body.localSet(meter);
    storeResults(body, liveness.results[callee]!);
    if (meter !== undefined) body.localGet(meter);
    body.finish();
  }
}

/** Pushes registers (bits) from their cells, in order. */
export function loadRegisters(body: FunctionBody, registers: number): void {
  for (let r = 0; r < REGISTERS; r++) {
    if ((registers & (1 << r)) === 0) continue;
    body.i32Const(0);
    body.memory(W.i64Load, Cell.registers + 8 * r);
  }
}

/** Takes registers (bits) off the stack, the last one on top, to their cells. */
export function storeResults(body: FunctionBody, registers: number): void {
  if (registers === 0) return;
  const value = body.addLocal(I64);
  for (let r = REGISTERS - 1; r >= 0; r--) {
    if ((registers & (1 << r)) === 0) continue;
    body.localSet(value);
    body.i32Const(0);
    body.localGet(value);
    body.memory(W.i64Store, Cell.registers + 8 * r);
  }
}

/** The place of the slot in local 0 among the ascending `targets` from `from` up to `to`, or −1. Nests log2(targets) deep. */
function emitSearch(body: FunctionBody, targets: Int32Array, from: number, to: number): void {
  if (to - from <= 1) {
    if (to === from) {
      body.i32Const(-1);
      return;
    }
    body.i32Const(from);
    body.i32Const(-1);
    body.localGet(0);
    body.i32Const(targets[from]!);
    body.op(W.i32Eq);
    body.op(W.select);
    return;
  }
  const middle = (from + to) >>> 1;
  body.localGet(0);
  body.i32Const(targets[middle]!);
  body.op(W.i32LtU);
  body.if(I32);
  emitSearch(body, targets, from, middle);
  body.else();
  emitSearch(body, targets, middle, to);
  body.end();
}

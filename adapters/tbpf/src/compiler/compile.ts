import {
  ControlFlow,
  type FlowAnalysis,
  I32,
  I64,
  ModuleBuilder,
  type ValueType,
  Op as W,
} from '@switchyard/wasm-builder';
import { Cell } from '../linear/layout.ts';
import { type MemorySyscall, memorySyscalls } from '../wasm-interpreter/memory-syscall-names.ts';
import { Bounds } from './bounds.ts';
import { CallxTable, loadRegisters, storeResults } from './callx.ts';
import type { CompilerContext, SlotImports } from './context.ts';
import { FramePlanner } from './frame-plan.ts';
import { FunctionEmitter } from './function-emitter.ts';
import { findFunctions, type TbpfFunction } from './functions.ts';
import { Helpers } from './helpers.ts';
import type { CompilerInput } from './input.ts';
import { Liveness } from './liveness.ts';
import { MeterPlan } from './meter-plan.ts';
import { predictRegions } from './regions.ts';

/** Bumped with every change of the emitted code or of the border to the slot: emitted bytes of another version are not used. */
export const TRANSLATOR_VERSION = 2;

/**
 * A larger function is run by tier 0: the time of V8's optimising compiler grows faster than the function, and a hostile one could take
 * minutes of it. Measured on Node 20 at these bounds: 16,384 slots of loads 0.5 s, 4,096 blocks of branches to one place 1 s, 1,024 short
 * loops 0.3 s; and beyond them: 5,000 short loops 126 s.
 */
const MOST = { slots: 16_384, blocks: 4096, loops: 1024 } as const;

/** Functions may share code by jumping into each other; all together they are at most so many times the text. */
const MAX_DUPLICATION = 2;
const MIN_SLOTS = 4096;

export interface CompilerOptions {
  /** Check the types of what is written, at several times the cost: for tests. */
  readonly checked?: boolean;
}

/** A program as a WebAssembly module, and how it was made. */
export interface CompiledProgram {
  readonly bytes: Uint8Array;
  readonly functions: number;
  /** Functions that are left to tier 0 for their size. */
  readonly coldFunctions: number;
}

/**
 * Translates a whole program into one WebAssembly module. It imports, from `tbpf`, the slot's `memory` and `resume(exitDepth)`,
 * `syscall(index) → i32`, `unwind()` and the memory syscalls; and exports for each entry a function `f<slot>` without parameters and results, which starts with
 * registers and meter in the cells at depth 0 and leaves r0 and the meter there.
 * @returns undefined for a program that is not worth it: functions that share too much code.
 */
export function compileProgram(
  input: CompilerInput,
  { checked = false }: CompilerOptions = {},
): CompiledProgram | undefined {
  const set = findFunctions(input, Math.max(MIN_SLOTS, input.length * MAX_DUPLICATION));
  if (set === undefined) return undefined;
  const module = new ModuleBuilder({ checked });
  const imports = importSlot(module, input);
  module.importMemory('tbpf', 'memory', { minimum: 1 });

  const liveness = new Liveness(input, set);
  const indices = set.functions.map((_, index) => module.addFunction(typeOf(module, input, liveness, index)));
  const callx = new CallxTable(module, input, set);
  const bounds = new Bounds(input, set);
  const context: CompilerContext = {
    input,
    set,
    liveness,
    regions: predictRegions(input, set),
    bounds,
    meterPlan: new MeterPlan(input, set, bounds),
    controlFlow: new ControlFlow(),
    helpers: new Helpers(module, input),
    imports,
    live: new Uint16Array(input.length + 2),
    groupAt: new Int32Array(input.length + 1),
    functionIndex: (index) => indices[index]!,
    callxLookup: () => callx.lookup(),
    adapterType: () => callx.type(),
  };
  const coldFunctions = emitFunctions(module, context, indices);
  callx.finish(liveness, context.functionIndex);
  for (const pc of input.entries) emitEntry(module, context, pc);
  context.helpers.finish();
  return { bytes: module.finish(), functions: set.functions.length, coldFunctions };
}

function importSlot(module: ModuleBuilder, { memorySyscall }: CompilerInput): SlotImports {
  const arity = (name: MemorySyscall): number => (name === 'memcmp' ? 4 : 3);
  const memoryType = (name: MemorySyscall): number =>
    module.addType(new Array<ValueType>(arity(name)).fill(I64), [I32]);
  return {
    resume: module.importFunction('tbpf', 'resume', module.addType([I32], [])),
    syscall: module.importFunction('tbpf', 'syscall', module.addType([I32], [I32])),
    unwind: module.importFunction('tbpf', 'unwind', module.addType([], [])),
    memory: memorySyscall.some((index) => index >= 0)
      ? memorySyscalls.map((name) => module.importFunction('tbpf', name, memoryType(name)))
      : [],
  };
}

function emitFunctions(module: ModuleBuilder, context: CompilerContext, indices: readonly number[]): number {
  const { input, set, liveness, controlFlow, meterPlan } = context;
  const frames = new FramePlanner(input, set);
  let coldFunctions = 0;
  for (const [index, one] of set.functions.entries()) {
    liveness.solve(index, context.live);
    const body = module.body(indices[index]!);
    const emitter = new FunctionEmitter(context, body, index, frames.plan(one));
    const flow = isSmall(one) ? controlFlow.analyze(one.graph) : undefined;
    const loops = flow === undefined ? 0 : countLoops(flow);
    if (flow === undefined || loops > MOST.loops) {
      emitter.emitCold();
      coldFunctions++;
      continue;
    }
    meterPlan.plan(one, flow);
    emitter.emit(flow, loops);
  }
  return coldFunctions;
}

function isSmall({ slots, graph }: TbpfFunction): boolean {
  return slots <= MOST.slots && graph.blockCount <= MOST.blocks;
}

function countLoops({ isLoopHeader, graph }: FlowAnalysis): number {
  let loops = 0;
  for (let block = 0; block < graph.blockCount; block++) loops += isLoopHeader[block]!;
  return loops;
}

function typeOf(module: ModuleBuilder, input: CompilerInput, liveness: Liveness, index: number): number {
  const parameters: ValueType[] = [];
  const results: ValueType[] = [];
  for (let r = 0; r < 10; r++) {
    if ((liveness.parameters[index]! & (1 << r)) !== 0) parameters.push(I64);
    if ((liveness.results[index]! & (1 << r)) !== 0) results.push(I64);
  }
  if (input.dynamicFrames) parameters.push(I64, I32);
  else parameters.push(I32);
  if (input.metered) {
    parameters.push(I64);
    results.push(I64);
  }
  return module.addType(parameters, results);
}

/** The function that the host calls: from the cells and back. */
function emitEntry(module: ModuleBuilder, context: CompilerContext, pc: number): void {
  const { input, set, liveness } = context;
  const index = set.functionAt[pc]!;
  const entry = module.addFunction(module.addType([], []));
  const body = module.body(entry);
  loadRegisters(body, liveness.parameters[index]!);
  if (input.dynamicFrames) {
    body.i32Const(0);
    body.memory(W.i64Load, Cell.registers + 80);
    body.i32Const(0);
  } else {
    body.i32Const(input.layout.stack);
  }
  if (input.metered) {
    body.i32Const(0);
    body.memory(W.i64Load, Cell.meter);
  }
  body.call(context.functionIndex(index));
  if (input.metered) {
    const meter = body.addLocal(I64);
    body.localSet(meter);
    body.i32Const(0);
    body.localGet(meter);
    body.memory(W.i64Store, Cell.meter);
  }
  storeResults(body, liveness.results[index]!);
  body.finish();
  module.exportFunction(`f${pc}`, entry);
}

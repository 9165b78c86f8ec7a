export type { GlobalType } from './body-context.ts';
export { ByteBuffer } from './byte-buffer.ts';
export { type Constant, f32, f64, globalValue, i32, i64 } from './constant.ts';
export type { Elements, Limits } from './entries.ts';
export { WasmBuilderError, type WasmBuilderErrorCode } from './error.ts';
export type { FlowAnalysis } from './flow/analysis.ts';
export type { BlockEmitter } from './flow/block-emitter.ts';
export {
  ControlFlow,
  type ControlFlowOptions,
  type ControlFlowShape,
  DEFAULT_MAX_NESTING,
} from './flow/control-flow.ts';
export { type BlockGraph, Terminator } from './flow/graph.ts';
export type { FunctionBody, Label } from './function-body.ts';
export { type Immediates, type Instruction, instructionOf, instructions } from './instructions.ts';
export { ENGINE_LIMITS } from './limits.ts';
export { ModuleBuilder, type ModuleOptions } from './module-builder.ts';
export { Op } from './opcodes.ts';
export {
  type BlockType,
  EMPTY,
  F32,
  F64,
  FUNCREF,
  type FunctionType,
  I32,
  I64,
  typeName,
  type ValueType,
} from './value-types.ts';

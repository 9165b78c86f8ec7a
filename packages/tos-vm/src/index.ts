export { type HostFunctions, VmError, WireReader as Reader, WireWriter as Writer } from '@switchyard/core';
export { CALL_FIELDS, CHAIN_STATE, Context, type TypeToken, typeToken } from './context.ts';
export { Environment, type OpaqueType } from './environment.ts';
export {
  EnvironmentBuilder,
  type EnvironmentOptions,
  type FunctionOptions,
  type OnCall,
  type Parameter,
} from './environment-builder.ts';
export { Module, type Serializer, type TextSection } from './module.ts';
export { MAX_MODULE_BYTES } from './module-wire.ts';
export { Primitive } from './primitive.ts';
export { Type } from './type.ts';
export { ValueCell } from './value-cell.ts';
export { VM } from './vm.ts';

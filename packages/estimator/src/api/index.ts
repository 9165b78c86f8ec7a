export {
  accountOverride,
  blockOverrides,
  enginesParams,
  estimateGasParams,
  executeParams,
  MAX_SEQUENCE,
  sequenceCall,
  sequenceParams,
  stateOverrides,
  traceParams,
  validateCodeParams,
} from './call-params.ts';
export { FAULT_KINDS, type FaultKind, faultKindOf } from './fault-kinds.ts';
export {
  type ApiMethod,
  isMethodName,
  METHODS,
  type MethodName,
  type ParamsOf,
  type ResultOf,
} from './methods.ts';
export {
  enginesResult,
  estimateGasResult,
  executeResult,
  fault,
  sequenceResult,
  traceResult,
  validateCodeResult,
} from './results.ts';

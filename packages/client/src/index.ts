export { type EstimateAmounts, estimateAmounts, type GasAmounts, gasAmounts } from './amounts.ts';
export type { Outcome } from './answers.ts';
export {
  type BatchCall,
  type BatchOutcomes,
  type CallOptions,
  type ClientMethod,
  type ClientOptions,
  createClient,
  type EstimatorClient,
  type ParamsOf,
  type ResultOf,
} from './client.ts';
export { type ClientErrorCode, EstimatorError, type EstimatorErrorFacts } from './errors.ts';
export type {
  AccountOverride,
  ApiMethods,
  BlockOverrides,
  CallSequenceParams,
  CallSequenceResult,
  Deployment,
  EnginesResult,
  EstimateGasParams,
  EstimateGasResult,
  ExecuteParams,
  ExecuteResult,
  Fault,
  GasShare,
  StateChange,
  StateOverrides,
  TraceParams,
  TraceResult,
  ValidateCodeParams,
  ValidateCodeResult,
} from './generated/api-types.ts';

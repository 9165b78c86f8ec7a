export {
  bytesToHex,
  compareBytes,
  concatBytes,
  equalBytes,
  hexToBytes,
  MAX_U64,
  NATIVE_ASSET,
  ZERO_32,
} from './bytes.ts';
export { ERROR_TABLE, type ErrorRow, type VmErrorCode } from './errors/codes.ts';
export {
  errorAnchor,
  type NativeErrorName,
  toVmError,
  VmError,
  type VmErrorOptions,
} from './errors/vm-error.ts';
export { type StorageEvent, VmEventBus, type VmEventMap } from './events/event-bus.ts';
export type { GasEstimate } from './gas/gas-estimate.ts';
export type { AccessSets, StateChange, StorageSlot } from './state/changes.ts';
export type { CheckpointId, StateAccess } from './state/state-access.ts';
export type { AssetRecord, CodeRecord, StateBackend } from './state/state-backend.ts';
export { decodeUtf8, decodeUtf8Lossy, encodeUtf8 } from './text.ts';
export type { JsonValue, VectorCase, VectorObservation } from './vectors/vector-case.ts';
export { type CallHost, type CallOutcome, type CallRequest, noCallHost } from './vm/call-host.ts';
export type {
  AssemblyOptions,
  CodeKind,
  EngineTools,
  InspectedSection,
  InspectedSymbol,
  InspectionReport,
} from './vm/engine-tools.ts';
export {
  type AssetAmount,
  type BlockInfo,
  createContext,
  DEFAULT_GAS_LIMIT,
  type EntryPoint,
  type ExecutionContext,
  type PartialContext,
  type TransactionInfo,
} from './vm/execution-context.ts';
export type {
  EngineTier,
  ExecutionResult,
  ExecutionStats,
  ExecutionStatus,
  LogEntry,
} from './vm/execution-result.ts';
export type {
  BurnOutput,
  EventOutput,
  MintOutput,
  Output,
  RunOutput,
  SettlementOutput,
  TransferOutput,
} from './vm/outputs.ts';
export type { TraceFilter, TraceRequest, TraceStep } from './vm/trace.ts';
export type { ValidationReport, VirtualMachine, VmType, VmVersion } from './vm/virtual-machine.ts';

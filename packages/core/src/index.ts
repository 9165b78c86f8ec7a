export type { Benchmark, BenchmarkMetric, BenchmarkTier, PreparedBenchmark } from './bench/benchmark.ts';
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
export {
  type CodeCacheConfig,
  DEFAULT_CODE_CACHE_BYTES,
  DEFAULT_CONFIG,
  type DeployConfig,
  type EngineConfig,
  type GasConfig,
  type LimitsConfig,
  type ReentrancyConfig,
  type StateConfig,
  type SwitchyardConfig,
} from './config/config.ts';
export { contractAddress } from './environment/contract-address.ts';
export type { EnvironmentConfig, EnvironmentOptions } from './environment/environment-options.ts';
export { type EstimateSettings, ExecutionEnvironment } from './environment/execution-environment.ts';
export type { TransactionObserver } from './environment/observer.ts';
export { type Precompile, PrecompileRegistry, type PrecompileResult } from './environment/precompiles.ts';
export type {
  ConstructorCall,
  DeployRequest,
  DeployResult,
  TransactionFields,
  TransactionRequest,
  TransactionResult,
} from './environment/requests.ts';
export { ERROR_TABLE, type ErrorRow, type VmErrorCode } from './errors/codes.ts';
export { nearest } from './errors/nearest.ts';
export { renderErrorsPage } from './errors/render-errors-page.ts';
export {
  errorAnchor,
  type NativeErrorName,
  toVmError,
  VmError,
  type VmErrorOptions,
} from './errors/vm-error.ts';
export { type StorageEvent, VmEventBus, type VmEventMap } from './events/event-bus.ts';
export { COMPILED_CODE_CACHE, type CompiledCodeCache } from './factory/compiled-code-cache.ts';
export {
  createEngineServices,
  type EngineDefinition,
  type EngineServices,
} from './factory/engine-definition.ts';
export {
  booleanOption,
  checkEngineOptions,
  integerOption,
  type OptionRule,
} from './factory/engine-options.ts';
export { definePort, HostPorts, type PortKey } from './factory/host-ports.ts';
export { DEFAULT_MODULE_CACHE_BYTES, ModuleCache, type ModuleKey } from './factory/module-cache.ts';
export type { ModuleDescriptor, SelectRule } from './factory/select-rule.ts';
export { stableJson } from './factory/stable-json.ts';
export { type EngineSelection, type FactoryConfig, VmFactory } from './factory/vm-factory.ts';
export { type EstimateOptions, estimateGas, type GasProbe, probeOf } from './gas/estimate.ts';
export { estimateWithEngine } from './gas/estimate-engine.ts';
export type { GasEstimate } from './gas/gas-estimate.ts';
export { type GasBreakdown, type GasCategory, GasMeter } from './gas/gas-meter.ts';
export {
  createGasPolicy,
  GAS_POLICIES,
  type GasPolicy,
  type GasPolicyName,
  type GasSettlement,
  type GasUse,
  settleGas,
} from './gas/gas-policy.ts';
export { type ExecutionHook, runWithHooks } from './hooks/hooks.ts';
export { escapeHtml, type StandalonePage, standalonePage } from './html.ts';
export { jsonText } from './json-text.ts';
export { printable } from './printable.ts';
export { byteKey, isNativeAsset } from './state/byte-key.ts';
export type { AccessSets, StateChange, StorageSlot } from './state/changes.ts';
export { assetHash, codeHash, rememberCodeHash } from './state/hashes.ts';
export { JournaledState } from './state/journaled-state.ts';
export { MemoryBackend } from './state/memory-backend.ts';
export { type AccountOverride, OverlayBackend } from './state/overlay-backend.ts';
export { fromProviders, type ProviderBackendOptions } from './state/provider-backend.ts';
export {
  type AccountProvider,
  MemoryAccountProvider,
  MemoryStorageProvider,
  NoOpAccountProvider,
  NoOpStorageProvider,
  type StorageProvider,
} from './state/providers.ts';
export type { CheckpointId, StateAccess } from './state/state-access.ts';
export type { AssetRecord, CodeRecord, StateBackend } from './state/state-backend.ts';
export { entryToChange, type StateEntry } from './state/state-entry.ts';
export { decodeUtf8, decodeUtf8Lossy, encodeUtf8 } from './text.ts';
export { BorshReader, decodeBorsh, encodeBorsh } from './values/borsh.ts';
export {
  ARGUMENT_TYPES,
  addressFromText,
  argumentFromText,
  encodeCallInput,
  type ParameterCodec,
} from './values/call-input.ts';
export { describeValueKind, MAX_VALUE_DEPTH, misfit } from './values/conform.ts';
export { naturalType } from './values/natural-type.ts';
export { typeFault } from './values/type-fault.ts';
export {
  INTEGER_BITS,
  type IntegerKind,
  type IntegerValue,
  isIntegerKind,
  isIntegerValue,
  isInWidth,
  type TypedValue,
} from './values/typed-value.ts';
export { describeType, hasAny, type IntegerType, innerTypes, type ValueType } from './values/value-type.ts';
export type { JsonValue, VectorCase, VectorObservation } from './vectors/vector-case.ts';
export { type CallHost, type CallOutcome, type CallRequest, noCallHost } from './vm/call-host.ts';
export type {
  AssemblyOptions,
  CallCodec,
  CallParameter,
  CellCodec,
  CodeKind,
  DebugInfoReport,
  EngineTools,
  InspectedSection,
  InspectedSymbol,
  InspectionReport,
} from './vm/engine-tools.ts';
export { entryFromText } from './vm/entry-text.ts';
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
export { asFailed, failedResult } from './vm/failed-result.ts';
export {
  callHostFunction,
  checkCharge,
  displayName,
  HOST_FUNCTIONS,
  type HostFunction,
  type HostFunctionCall,
  HostFunctions,
  hostFunctionError,
  symbolName,
} from './vm/host-function.ts';
export { observerOf } from './vm/observe-run.ts';
export type {
  BurnOutput,
  EventOutput,
  MintOutput,
  Output,
  RunOutput,
  SettlementOutput,
  TransferOutput,
} from './vm/outputs.ts';
export {
  type ExactGas,
  exactGas,
  type MachineView,
  type ObservedCall,
  type ObservedSyscall,
  type ObservedSyscallEnd,
  type RunObserver,
  type SyscallArgument,
} from './vm/run-observer.ts';
export { formatLocation, type SourceLocation, type SourceMap } from './vm/source-map.ts';
export type { TraceFilter, TraceRequest, TraceStep } from './vm/trace.ts';
export type { ValidationReport, VirtualMachine, VmType, VmVersion } from './vm/virtual-machine.ts';
export { WireError, type WireErrorName, WireReader } from './wire/wire-reader.ts';
export { WireWriter } from './wire/wire-writer.ts';

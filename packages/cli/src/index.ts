export {
  type GasSnapshotReport,
  type GasSnapshotRunOptions,
  runGasSnapshot,
} from '@switchyard/testing/gas';
export { type ConfigOptions, type LoadedConfig, loadConfig } from './app/load-config.ts';
export { type App, type AppOptions, openApp } from './app/open-app.ts';
export { encodeArguments } from './arguments/typed-arguments.ts';
export {
  formatMeans,
  formatRatio,
  formatResult,
  METRIC_UNITS,
  RESULT_HEADING,
} from './bench/format-results.ts';
export type { BenchResult } from './bench/measure.ts';
export { type BenchOptions, type BenchReport, runBenchmarks } from './bench/run-benchmarks.ts';
export { assembleFile, disassembleFile } from './commands/assembly.ts';
export { benchEngine, type EngineBenchOptions } from './commands/bench.ts';
export { buildFiles } from './commands/build.ts';
export { callContract } from './commands/call.ts';
export { deployFile } from './commands/deploy.ts';
export { type DoctorCheck, runDoctor } from './commands/doctor.ts';
export { type EstimateReport, estimateCall } from './commands/estimate.ts';
export { inspectFile, validateFile } from './commands/inspect.ts';
export { profileTarget, type TargetProfile } from './commands/profile.ts';
export { runFile } from './commands/run.ts';
export { exportState, importState } from './commands/state.ts';
export { fundAccount } from './commands/state-fund.ts';
export { traceTarget } from './commands/trace.ts';
export { main } from './main.ts';
export { runVectors, type VectorRunOptions, type VectorSummary } from './vectors/run-vectors.ts';

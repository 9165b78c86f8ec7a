export { compareGas, type GasDelta, hasChanges } from './compare-gas.ts';
export { formatGasMarkdown, formatGasTable } from './format-gas.ts';
export { type GasTable, readGasFile, writeGasFile } from './gas-file.ts';
export {
  createGasSnapshot,
  GasSnapshot,
  type GasSnapshotMode,
  type GasSnapshotOptions,
} from './gas-snapshot.ts';
export {
  type GasSnapshotReport,
  type GasSnapshotRunOptions,
  runGasSnapshot,
} from './run-gas-snapshot.ts';

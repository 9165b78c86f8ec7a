import { bytesToHex, printable } from '@switchyard/core';
import { exportSnapshot, importSnapshot, type SnapshotSummary } from '@switchyard/state';
import { openApp } from '../app/open-app.ts';
import { type CommonOptions, stateOf } from '../arguments/call-options.ts';
import type { CommandReport } from '../output/reporter.ts';

/** Options of `switchyard state import`. */
export interface StateImportOptions extends CommonOptions {
  /** Drop what the store holds. */
  readonly replace?: boolean;
}

/** Writes everything that the configured store holds to a snapshot file. */
export async function exportState(file: string, options: CommonOptions = {}): Promise<SnapshotSummary> {
  const app = await openApp({ configFile: options.config, flags: stateOf(options), access: 'read' });
  try {
    return exportSnapshot(app.store, file);
  } finally {
    await app.close();
  }
}

/** Fills the configured store from a snapshot file, all or nothing. */
export async function importState(file: string, options: StateImportOptions = {}): Promise<SnapshotSummary> {
  const app = await openApp({ configFile: options.config, flags: stateOf(options) });
  try {
    return importSnapshot(file, app.store, { replace: options.replace === true });
  } finally {
    await app.close();
  }
}

/** `switchyard state export FILE`. */
export async function stateExportCommand(file: string, options: CommonOptions): Promise<CommandReport> {
  return report('state export', 'wrote', file, await exportState(file, options));
}

/** `switchyard state import FILE`. */
export async function stateImportCommand(file: string, options: StateImportOptions): Promise<CommandReport> {
  return report('state import', 'imported', file, await importState(file, options));
}

function report(command: string, verb: string, file: string, summary: SnapshotSummary): CommandReport {
  return {
    command,
    exitCode: 0,
    data: { file, summary },
    text: () =>
      `${verb} ${printable(file)}: ${summary.count} records, ${summary.bytes} bytes, sha-256 ${bytesToHex(summary.hash)}`,
  };
}

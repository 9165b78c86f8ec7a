import { printable, VmError } from '@switchyard/core';
import { formatGasMarkdown, formatGasTable, runGasSnapshot } from '@switchyard/testing/gas';
import type { CommandReport } from '../output/reporter.ts';

/** Options of `switchyard gas snapshot`. */
export interface GasSnapshotOptions {
  readonly json?: boolean;
  /** Snapshot file to compare with. */
  readonly check?: string;
  /** Snapshot file to write. */
  readonly update?: string;
  /** A markdown table instead of one for a terminal. */
  readonly markdown?: boolean;
}

/** `switchyard gas snapshot --check FILE` or `--update FILE`: runs the project's tests and looks at what they recorded. */
export async function gasSnapshotCommand(
  tests: readonly string[],
  options: GasSnapshotOptions,
): Promise<CommandReport> {
  const { check, update } = options;
  const file = check ?? update;
  if (file === undefined || (check !== undefined && update !== undefined)) {
    throw new VmError('USAGE_INVALID', 'give --check FILE or --update FILE.');
  }
  const mode = check === undefined ? 'update' : 'check';
  const printed: string[] = [];
  const report = await runGasSnapshot({ file, mode, tests, onOutput: (text) => printed.push(text) });
  const { deltas, isChanged, isWritten, testsPassed } = report;
  // What the tests say is wanted when they failed, and only then.
  if (!testsPassed) process.stderr.write(printed.join(''));
  return {
    command: 'gas snapshot',
    exitCode: testsPassed && (mode === 'update' || !isChanged) ? 0 : 1,
    data: { file, mode, deltas, isChanged, isWritten, testsPassed },
    text: () => {
      if (!testsPassed) return 'gas: a test failed, so nothing is compared or written';
      const table = options.markdown === true ? formatGasMarkdown(deltas) : formatGasTable(deltas);
      return isWritten ? `${table}\nwrote ${printable(file)}` : table;
    },
  };
}

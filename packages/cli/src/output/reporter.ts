import { jsonText, toVmError, type VmError, type VmErrorCode } from '@switchyard/core';
import { SCHEMA_VERSION, toJson } from './to-json.ts';

/** Exit codes: 0 ok, 1 the contract or comparison failed, 2 bad usage or configuration, 3 internal fault. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a command has to say: a value for `--json`, text for people, and how the process ends. */
export interface CommandReport {
  readonly command: string;
  readonly exitCode: ExitCode;
  readonly data: Readonly<Record<string, unknown>>;
  /** Made only when it is shown. */
  readonly text: () => string;
  /** Goes to standard error after the text; not with `--json`, whose value holds it. */
  readonly errorText?: () => string;
}

/** Codes of 100 and above that are still the contract's or source's own fault, not the command line's. */
const SOURCE_FAULTS: readonly VmErrorCode[] = ['COMPILE_FAILED', 'LINK_FAILED', 'ASSEMBLY_INVALID'];

/** The exit code that an error ends the process with. */
export function exitCodeOf(error: VmError): ExitCode {
  if (error.code === 'INTERNAL') return 3;
  return error.number < 100 || SOURCE_FAULTS.includes(error.code) ? 1 : 2;
}

/** Commands whose contract's failure is a result, or that run none: what they throw was wrong with the request. */
const REQUEST_COMMANDS: ReadonlySet<string> = new Set([
  'run',
  'deploy',
  'call',
  'trace',
  'profile',
  'state fund',
]);

/** The exit code of a transaction: its own failure gives 1, one that the configuration made gives 2. */
export function exitCodeOfResult({ error }: { readonly error: VmError | null }): ExitCode {
  return error === null ? 0 : exitCodeOf(error);
}

/** Prints a report to standard output. */
export function printReport(report: CommandReport, isJson: boolean): void {
  if (!isJson) {
    const text = report.text();
    if (text !== '') process.stdout.write(`${text}\n`);
    const errorText = report.errorText?.() ?? '';
    if (errorText !== '') process.stderr.write(`${errorText}\n`);
    return;
  }
  const { command, exitCode, data } = report;
  const document = {
    schemaVersion: SCHEMA_VERSION,
    command,
    ok: exitCode === 0,
    ...(toJson(data) as object),
  };
  process.stdout.write(`${jsonText(document, 2)}\n`);
}

/** Prints what was thrown: for people to standard error, with `--json` to standard output. @returns the exit code. */
export async function printFailure(thrown: unknown, command: string, isJson: boolean): Promise<ExitCode> {
  const error = toVmError(thrown);
  if (isJson) {
    const document = { schemaVersion: SCHEMA_VERSION, command, ok: false, error: toJson(error) };
    process.stdout.write(`${jsonText(document, 2)}\n`);
  } else {
    const { formatError } = await import('./format-error.ts');
    process.stderr.write(`${formatError(error)}\n`);
    if (error.code === 'INTERNAL' && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
  }
  const exitCode = exitCodeOf(error);
  return exitCode === 1 && REQUEST_COMMANDS.has(command) ? 2 : exitCode;
}

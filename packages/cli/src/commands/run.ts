import type { TraceFilter, TraceStep, TransactionResult } from '@switchyard/core';
import { formatStep } from '@switchyard/profiler/trace';
import { type TargetOptions, withFile } from '../app/open-target.ts';
import { parseInteger } from '../arguments/parse.ts';
import { formatTransaction } from '../output/format-transaction.ts';
import { type CommandReport, exitCodeOfResult } from '../output/reporter.ts';

/** Options of `switchyard run`. */
export interface RunOptions extends TargetOptions {
  /** Print each step to standard error; a number ends after so many. */
  readonly trace?: boolean | string;
  /** Only these mnemonics. */
  readonly traceOnly?: string;
}

/**
 * Runs a contract file once, in an empty state that is forgotten afterwards. The contract's address is the sha-256 of its code.
 * @throws VmError for what is wrong with the request; the contract's own failure is a result.
 */
export async function runFile(
  file: string,
  options: RunOptions = {},
  onStep: (step: TraceStep) => void = (step) => process.stderr.write(`${formatStep(step)}\n`),
): Promise<TransactionResult> {
  const filter = traceFilterOf(options);
  return withFile(file, options, ({ app, request }) =>
    app.environment.call({ ...request, ...(filter === undefined ? {} : { trace: { filter, onStep } }) }),
  );
}

/** `switchyard run FILE`. */
export async function runCommand(file: string, options: RunOptions): Promise<CommandReport> {
  const result = await runFile(file, options);
  return {
    command: 'run',
    exitCode: exitCodeOfResult(result),
    data: { file, result },
    text: () => formatTransaction(result, file),
  };
}

function traceFilterOf(options: RunOptions): TraceFilter | undefined {
  if (options.trace === undefined || options.trace === false) return undefined;
  return {
    ...(options.trace === true
      ? {}
      : { limit: parseInteger(options.trace, '--trace', 1, Number.MAX_SAFE_INTEGER) }),
    ...(options.traceOnly === undefined ? {} : { mnemonics: options.traceOnly.split(',') }),
  };
}

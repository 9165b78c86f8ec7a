import { type TransactionResult, VmError } from '@switchyard/core';
import { openApp } from '../app/open-app.ts';
import { type CallOptions, requestOf, stateOf } from '../arguments/call-options.ts';
import { inputFor } from '../arguments/engine-input.ts';
import { parseAddress } from '../arguments/parse.ts';
import { formatTransaction } from '../output/format-transaction.ts';
import { type CommandReport, exitCodeOfResult } from '../output/reporter.ts';

/** Options of `switchyard call`. */
export interface CallCommandOptions extends CallOptions {
  /** Run and forget what changed. */
  readonly simulate?: boolean;
  /** Capture that the call is appended to; made if it is not there. */
  readonly record?: string;
}

/** Calls a deployed contract in the configured state. @throws VmError USAGE_INVALID, FILE_UNREADABLE, CAPTURE_INVALID and those of `openApp`. */
export async function callContract(
  address: string,
  options: CallCommandOptions = {},
): Promise<TransactionResult> {
  const contract = parseAddress(address, 'CONTRACT');
  const request = requestOf(options, contract);
  const isSimulated = options.simulate === true;
  if (isSimulated && options.record !== undefined) {
    throw new VmError(
      'USAGE_INVALID',
      '--record: a simulated call is forgotten, so there is nothing to record.',
    );
  }
  const capture =
    options.record === undefined
      ? undefined
      : (await import('../output/capture-file.ts')).openCaptureFile(options.record);
  const app = await openApp({
    configFile: options.config,
    flags: stateOf(options),
    access: isSimulated ? 'read' : 'existing',
    ...(capture === undefined ? {} : { observers: [capture.observer] }),
  });
  try {
    const call = inputFor(app, request, options);
    if (isSimulated) return app.environment.simulate(call);
    const result = app.environment.call(call);
    capture?.save();
    return result;
  } finally {
    await app.close();
  }
}

/** `switchyard call CONTRACT`. */
export async function callCommand(address: string, options: CallCommandOptions): Promise<CommandReport> {
  const result = await callContract(address, options);
  return {
    command: 'call',
    exitCode: exitCodeOfResult(result),
    data: { simulated: options.simulate === true, result },
    text: () => formatTransaction(result, outcomeOf(options)),
  };
}

function outcomeOf({ simulate, record }: CallCommandOptions): string {
  if (simulate === true) return 'simulated, nothing was written';
  return record === undefined ? 'called' : `called, recorded in ${record}`;
}

import type { TransactionResult } from '@switchyard/core';
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
}

/** Calls a deployed contract in the configured state. */
export async function callContract(
  address: string,
  options: CallCommandOptions = {},
): Promise<TransactionResult> {
  const contract = parseAddress(address, 'CONTRACT');
  const request = requestOf(options, contract);
  const app = await openApp({
    configFile: options.config,
    flags: stateOf(options),
    access: options.simulate === true ? 'read' : 'existing',
  });
  try {
    const call = inputFor(app, request, options);
    return options.simulate === true ? app.environment.simulate(call) : app.environment.call(call);
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
    text: () =>
      formatTransaction(result, options.simulate === true ? 'simulated, nothing was written' : 'called'),
  };
}

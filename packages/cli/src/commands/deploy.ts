import type { ConstructorCall, DeployResult, ParameterCodec } from '@switchyard/core';
import { type App, openApp } from '../app/open-app.ts';
import { type CallOptions, fundsOf, inputOf, stateOf, transactionFields } from '../arguments/call-options.ts';
import { callsOf } from '../arguments/engine-input.ts';
import { parseAddress } from '../arguments/parse.ts';
import { readInputFile } from '../arguments/read-input.ts';
import { formatTransaction } from '../output/format-transaction.ts';
import { type CommandReport, exitCodeOfResult } from '../output/reporter.ts';

/** Options of `switchyard deploy`. */
export interface DeployOptions extends Omit<CallOptions, 'entry' | 'hook' | 'static'> {
  readonly address?: string;
  readonly engine?: string;
  /** False: hook 0 is not called. */
  readonly init?: boolean;
}

/** Deploys a contract file to the configured state and runs its constructor (hook 0), if it has one. */
export async function deployFile(file: string, options: DeployOptions = {}): Promise<DeployResult> {
  const code = readInputFile(file);
  const app = await openApp({ configFile: options.config, flags: stateOf(options) });
  try {
    return deploy(app, code, options);
  } finally {
    await app.close();
  }
}

function deploy(app: App, code: Uint8Array, options: DeployOptions): DeployResult {
  const fields = transactionFields(options);
  const module = {
    code,
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(options.address === undefined ? {} : { address: parseAddress(options.address, '--address') }),
  };
  const construct = constructorOf(
    options,
    () => callsOf(app, { ...module, blockHeight: fields.block?.height ?? 0n }),
    app.config.block.network,
  );
  return app.environment.deploy({
    ...fields,
    ...module,
    ...(construct === undefined ? {} : { construct }),
  });
}

/** Without anything said of the constructor it is called where there is one. */
function constructorOf(
  options: DeployOptions,
  calls: () => ParameterCodec | undefined,
  network: string | undefined,
): ConstructorCall | 'none' | undefined {
  if (options.init === false) return 'none';
  const { input, arg } = options;
  const funds = fundsOf(options);
  if (input === undefined && arg === undefined && Object.keys(funds).length === 0) return undefined;
  return { input: inputOf(options, arg === undefined ? undefined : calls(), network), ...funds };
}

/** `switchyard deploy FILE`. */
export async function deployCommand(file: string, options: DeployOptions): Promise<CommandReport> {
  const result = await deployFile(file, options);
  return {
    command: 'deploy',
    exitCode: exitCodeOfResult(result),
    data: { file, result },
    text: () => formatTransaction(result, `${file}${result.constructed ? ', constructor called' : ''}`),
  };
}

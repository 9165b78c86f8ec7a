import {
  type ModuleDescriptor,
  type ParameterCodec,
  type TransactionRequest,
  VmError,
} from '@switchyard/core';
import type { App } from '../app/open-app.ts';
import { type CallOptions, inputOf } from './call-options.ts';

/** How the engine of a module takes parameters; undefined where it has no typed calls, or no engine runs the module, as the call will say. */
export function callsOf(app: App, module: ModuleDescriptor): ParameterCodec | undefined {
  try {
    return app.tools(app.factory.select(module).type).calls;
  } catch (thrown) {
    if (thrown instanceof VmError) return undefined;
    throw thrown;
  }
}

/** The request with its input as the engine of the called contract takes it. @throws VmError VALUE_INVALID. */
export function inputFor(app: App, request: TransactionRequest, options: CallOptions): TransactionRequest {
  if (options.arg === undefined) return request;
  const { contract, block } = request;
  const code = app.state.getCode(contract);
  if (code === undefined) return request;
  const calls = callsOf(app, {
    code,
    engine: app.state.getCodeEngine(contract),
    address: contract,
    blockHeight: block?.height ?? 0n,
  });
  return { ...request, input: inputOf(options, calls, app.config.block.network) };
}

import {
  type CallCodec,
  type CellCodec,
  type ModuleDescriptor,
  type TransactionRequest,
  type TypedValue,
  VmError,
} from '@switchyard/core';
import type { App } from '../app/open-app.ts';
import { type CallOptions, inputOf } from './call-options.ts';
import type { ParameterCodec } from './typed-arguments.ts';

/** How the engine of a module takes parameters; undefined where it has no typed calls, or no engine runs the module, as the call will say. */
export function callsOf(app: App, module: ModuleDescriptor): ParameterCodec | undefined {
  try {
    const { calls } = app.tools(app.factory.select(module).type);
    return calls?.cells === undefined ? calls : withAddresses(calls, calls.cells, app.config.block.network);
  } catch (thrown) {
    if (thrown instanceof VmError) return undefined;
    throw thrown;
  }
}

/** Where values are cells, an account is an address of the network. */
function withAddresses(calls: CallCodec, cells: CellCodec, network = 'devnet'): ParameterCodec {
  const addressed = (value: TypedValue): TypedValue =>
    value.kind === 'opaque' && value.type === 'Address' ? cells.address(value.content, network) : value;
  return {
    encodeParameters: (parameters) =>
      calls.encodeParameters(parameters.map((each) => ({ ...each, value: addressed(each.value) }))),
  };
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
  return { ...request, input: inputOf(options, calls) };
}

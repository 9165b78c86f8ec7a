import {
  argumentFromText,
  codeHash,
  type DeployRequest,
  type EntryPoint,
  encodeCallInput,
  entryFromText,
  type ModuleDescriptor,
  type ParameterCodec,
  type TransactionFields,
  type TransactionRequest,
  VmError,
  ZERO_32,
} from '@switchyard/core';
import type { z } from 'zod';
import type { blockOverrides, sequenceCall } from '../api/call-params.ts';
import { blockOf, bytesOf, u64Of } from './from-wire.ts';
import type { Runtime } from './runtime.ts';

/** A call as JSON has it. */
export type CallParams = z.output<typeof sequenceCall>;

/** Fields of the block as JSON has them. */
export type BlockParams = z.output<typeof blockOverrides>;

/** What is to be run. */
export type Target =
  | { readonly kind: 'call'; readonly request: TransactionRequest }
  | { readonly kind: 'deploy'; readonly request: DeployRequest };

/**
 * The transaction that the params describe. Code to be called is put at its hash, in the overlay.
 * @throws VmError REQUEST_INVALID, VALUE_INVALID, ENGINE_UNKNOWN for what no schema could see.
 */
export function targetOf(runtime: Runtime, params: CallParams, given: BlockParams | undefined): Target {
  const fields = transactionFields(params, given);
  const funds = fundsOf(params);
  const { deploy } = params;
  if (deploy !== undefined) {
    const module = {
      code: runtime.codes.take(deploy.code),
      ...(deploy.engine === undefined ? {} : { engine: deploy.engine }),
      ...(deploy.address === undefined ? {} : { address: bytesOf(deploy.address) }),
    };
    const input = inputOf(runtime, params, module, fields);
    const hasCall = input !== undefined || Object.keys(funds).length > 0;
    const construct =
      deploy.construct === 'none'
        ? ('none' as const)
        : deploy.construct === 'always' || hasCall
          ? { ...funds, ...(input === undefined ? {} : { input }) }
          : undefined;
    if (construct === 'none' && hasCall) {
      throw new VmError(
        'REQUEST_INVALID',
        'deploy.construct: "none" calls no constructor, which input, args, value, deposits and gasLimit are for.',
      );
    }
    return {
      kind: 'deploy',
      request: { ...fields, ...module, ...(construct === undefined ? {} : { construct }) },
    };
  }
  const contract = contractOf(runtime, params);
  const input = inputOf(runtime, params, moduleAt(runtime, contract), fields);
  const request: Mutable<TransactionRequest> = Object.assign(fields, funds, {
    contract,
    entry: entryOf(params.entry),
  });
  if (input !== undefined) request.input = input;
  if (params.static !== undefined) request.isStatic = params.static;
  return { kind: 'call', request };
}

/** While it is put together. */
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function contractOf({ codes, overlay }: Runtime, { contract, code, engine }: CallParams): Uint8Array {
  if (code === undefined) return bytesOf(contract!);
  const module = codes.take(code);
  const address = codeHash(module);
  overlay.override({ address, code: { code: module, engine } });
  return address;
}

function moduleAt({ state }: Runtime, address: Uint8Array): ModuleDescriptor | undefined {
  const code = state.getCode(address);
  return code === undefined ? undefined : { code, engine: state.getCodeEngine(address), address };
}

// Built by assignment: an object of conditional spreads takes microseconds, which a small estimate would feel.
function transactionFields(params: CallParams, given: BlockParams | undefined): Mutable<TransactionFields> {
  const fields: Mutable<TransactionFields> = {
    sender: params.from === undefined ? ZERO_32 : bytesOf(params.from),
  };
  if (params.gasPrice !== undefined) fields.gasPrice = u64Of(params.gasPrice);
  if (params.txHash !== undefined) fields.txHash = bytesOf(params.txHash);
  if (given !== undefined) fields.block = blockOf(given);
  return fields;
}

type Funds = Mutable<Pick<TransactionRequest, 'gasLimit' | 'value' | 'deposits'>>;

function fundsOf({ gasLimit, value, deposits }: CallParams): Funds {
  const funds: Funds = {};
  if (gasLimit !== undefined) funds.gasLimit = u64Of(gasLimit);
  if (value !== undefined) funds.value = u64Of(value);
  if (deposits !== undefined) {
    funds.deposits = deposits.map(({ asset, amount }) => ({ asset: bytesOf(asset), amount: u64Of(amount) }));
  }
  return funds;
}

function entryOf(entry: CallParams['entry']): EntryPoint {
  if (entry === undefined) return { kind: 'default' };
  if (typeof entry === 'number') return { kind: 'entry', id: entry };
  const found = entryFromText(/^[0-9]+$/.test(entry) ? `entry_${entry}` : entry);
  if (found !== undefined) return found;
  throw new VmError('REQUEST_INVALID', `entry: "${entry}": entries go to 65535 and hooks to 255.`);
}

function inputOf(
  runtime: Runtime,
  { input, args }: CallParams,
  module: ModuleDescriptor | undefined,
  { block: given }: TransactionFields,
): Uint8Array | undefined {
  if (input !== undefined) return bytesOf(input);
  if (args === undefined) return undefined;
  const parameters = args.map((text, index) => {
    try {
      return argumentFromText(text);
    } catch (thrown) {
      if (!(thrown instanceof VmError)) throw thrown;
      throw new VmError('REQUEST_INVALID', `args[${index}]: ${thrown.message}`);
    }
  });
  const network = given?.network ?? runtime.config.block.network;
  return encodeCallInput(parameters, codecOf(runtime, module, given?.height), network);
}

/** How the module's engine takes parameters; undefined where no engine runs it, as the run will say. */
function codecOf(
  { factory, config }: Runtime,
  module: ModuleDescriptor | undefined,
  height: bigint | undefined,
): ParameterCodec | undefined {
  if (module === undefined) return undefined;
  try {
    const { type } = factory.select({ ...module, blockHeight: height ?? config.block.height ?? 0n });
    return factory.definition(type).tools.calls;
  } catch (thrown) {
    if (thrown instanceof VmError) return undefined;
    throw thrown;
  }
}

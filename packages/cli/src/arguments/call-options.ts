import {
  type BlockInfo,
  type ParameterCodec,
  type StateConfig,
  type TransactionRequest,
  VmError,
  ZERO_32,
} from '@switchyard/core';
import { stateFromText } from '@switchyard/core/config';
import { parseAddress, parseDeposit, parseEntry, parseHex, parseHook, parseU64 } from './parse.ts';
import { encodeArguments } from './typed-arguments.ts';

/** Options of every command that works on configuration and state, as the command line gives them. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly config?: string;
  /** `memory`, a `postgres://` address, or the path of an LMDB store. */
  readonly state?: string;
}

/** Options that describe a call. */
export interface CallOptions extends CommonOptions {
  readonly entry?: string;
  readonly hook?: string;
  readonly input?: string;
  readonly arg?: readonly string[];
  readonly gas?: string;
  readonly gasPrice?: string;
  readonly value?: string;
  /** Other assets to give along, `ASSET=AMOUNT` each. */
  readonly deposit?: readonly string[];
  readonly from?: string;
  readonly static?: boolean;
  readonly height?: string;
  readonly timestamp?: string;
  readonly txHash?: string;
}

/** The call's input: `--input` as hexadecimal, or `--arg`s as an engine takes them, without one as Borsh. */
export function inputOf(
  options: Pick<CallOptions, 'input' | 'arg'>,
  calls?: ParameterCodec,
  network?: string,
): Uint8Array {
  if (options.input !== undefined && options.arg !== undefined) {
    throw new VmError('USAGE_INVALID', 'give --input or --arg, not both.');
  }
  return options.input === undefined
    ? encodeArguments(options.arg ?? [], calls, network)
    : parseHex(options.input, '--input');
}

/** The request that the options describe, for an engine whose calls take Borsh; see `inputFor`. @throws VmError USAGE_INVALID naming the option. */
export function requestOf(options: CallOptions, contract: Uint8Array): TransactionRequest {
  if (options.entry !== undefined && options.hook !== undefined) {
    throw new VmError('USAGE_INVALID', 'give --entry or --hook, not both.');
  }
  const entry =
    options.hook === undefined ? options.entry && parseEntry(options.entry) : parseHook(options.hook);
  return {
    contract,
    ...transactionFields(options),
    ...(entry === undefined || entry === '' ? {} : { entry }),
    input: inputOf(options),
    ...fundsOf(options),
    ...(options.static === undefined ? {} : { isStatic: options.static }),
  };
}

/** What a call and a constructor's call may spend: gas, native units, other assets. */
export function fundsOf({
  gas,
  value,
  deposit,
}: Pick<CallOptions, 'gas' | 'value' | 'deposit'>): Pick<
  TransactionRequest,
  'gasLimit' | 'value' | 'deposits'
> {
  return {
    ...(gas === undefined ? {} : { gasLimit: parseU64(gas, '--gas') }),
    ...(value === undefined ? {} : { value: parseU64(value, '--value') }),
    ...(deposit === undefined ? {} : { deposits: deposit.map(parseDeposit) }),
  };
}

/** What every transaction takes: sender, price, block. */
export function transactionFields(
  options: CallOptions,
): Pick<TransactionRequest, 'sender' | 'gasPrice' | 'block' | 'txHash'> {
  const block: Partial<BlockInfo> = {
    ...(options.height === undefined
      ? {}
      : { height: parseU64(options.height, '--height'), topoheight: parseU64(options.height, '--height') }),
    ...(options.timestamp === undefined ? {} : { timestamp: parseU64(options.timestamp, '--timestamp') }),
  };
  return {
    sender: options.from === undefined ? ZERO_32 : parseAddress(options.from, '--from'),
    ...(options.gasPrice === undefined ? {} : { gasPrice: parseU64(options.gasPrice, '--gas-price') }),
    ...(options.txHash === undefined ? {} : { txHash: parseAddress(options.txHash, '--tx-hash') }),
    block,
  };
}

/** `--state`, in the configuration's shape. */
export function stateOf(options: CommonOptions): { readonly state: StateConfig } | Record<string, never> {
  if (options.state === undefined) return {};
  return { state: stateFromText(options.state) };
}

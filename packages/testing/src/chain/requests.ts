import type {
  AssetAmount,
  BlockInfo,
  CallCodec,
  CallParameter,
  EntryPoint,
  TraceRequest,
  TransactionRequest,
  TypedValue,
} from '@switchyard/core';
import { VmError } from '@switchyard/core';
import type { Addressable } from './accounts.ts';

/** An entry: its number for `entry_N`, a function's name, `entrypoint` for the default, or core's own form (hooks). */
export type Entry = number | string | EntryPoint;

/** An argument: a value that tells its type (`u64(5)`), or a value with the type that is declared. */
export type Argument = TypedValue | CallParameter;

/** What a call and a constructor's call may be given. */
export interface CallInput {
  /** Bytes as the contract gets them. */
  readonly input?: Uint8Array;
  /** Typed arguments instead, encoded as the contract's engine wants them. */
  readonly args?: readonly Argument[];
  /** Native units to give along. */
  readonly value?: bigint;
  /** Other assets to give along. */
  readonly deposits?: readonly AssetAmount[];
  /** By default the configuration's `gas.defaultLimit`. */
  readonly gasLimit?: bigint;
}

/** The surroundings of one transaction. */
export interface TransactionOptions {
  /** Who signs and pays; by default the chain's own account `tester`. */
  readonly sender?: Addressable;
  /** Native units for a unit of gas; by default the configuration's, which is 0. */
  readonly gasPrice?: bigint;
  /** Over the chain's block, for this transaction alone. */
  readonly block?: Partial<BlockInfo>;
  /** 32 bytes; by default another one for each transaction, the same in every run. */
  readonly txHash?: Uint8Array;
}

/** Options of a call. */
export interface CallOptions extends CallInput, TransactionOptions {
  /** A read-only call: any change of state fails it. */
  readonly isStatic?: boolean;
  readonly trace?: TraceRequest;
}

/** Options of a deployment. */
export interface DeployOptions extends CallInput, TransactionOptions {
  /** Engine that the module asks for; stored with it. */
  readonly engine?: string;
  /** Instead of the address by the configuration's policy. */
  readonly address?: Addressable;
  /** False: do not run hook 0, the constructor. By default it runs if there is one, or must be there if it is given anything. */
  readonly construct?: boolean;
  /** For messages; by default the file's name. */
  readonly name?: string;
}

/** Core's form of an entry. */
export function toEntryPoint(entry: Entry): EntryPoint {
  if (typeof entry === 'number') return { kind: 'entry', id: entry };
  if (typeof entry !== 'string') return entry;
  return entry === 'entrypoint' ? { kind: 'default' } : { kind: 'function', name: entry };
}

/**
 * The input bytes of a call. @param codec the engine's, asked only when there are typed arguments.
 * @throws VmError INVALID_ARGUMENT for input and arguments at once, UNSUPPORTED for an engine without typed calls, VALUE_INVALID.
 */
export function inputOf(given: CallInput, codec: () => CallCodec | undefined): Uint8Array | undefined {
  if (given.args === undefined) return given.input;
  if (given.input !== undefined) {
    throw new VmError('INVALID_ARGUMENT', 'a call takes input or args, not both.', {
      hint: 'Leave one of them out.',
    });
  }
  const calls = codec();
  if (calls === undefined) {
    throw new VmError('UNSUPPORTED', "the contract's engine has no typed arguments.", {
      hint: 'Give the bytes as input.',
    });
  }
  return calls.encodeParameters(
    given.args.map((argument) => (isParameter(argument) ? argument : { value: argument })),
  );
}

/** The fields of a call that go to core as they are. */
export function callFields(
  given: CallInput,
  input: Uint8Array | undefined,
): Pick<TransactionRequest, 'input' | 'value' | 'deposits' | 'gasLimit'> {
  return {
    ...(input === undefined ? {} : { input }),
    ...(given.value === undefined ? {} : { value: given.value }),
    ...(given.deposits === undefined ? {} : { deposits: given.deposits }),
    ...(given.gasLimit === undefined ? {} : { gasLimit: given.gasLimit }),
  };
}

function isParameter(argument: Argument): argument is CallParameter {
  return !('kind' in argument);
}

import { MAX_U64, NATIVE_ASSET, ZERO_32 } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import type { JournaledState } from '../state/journaled-state.ts';
import type { AssetAmount, BlockInfo, EntryPoint } from '../vm/execution-context.ts';
import { check32, createContext } from '../vm/execution-context.ts';
import type { EnvironmentParts } from './environment-options.ts';
import type { Frame } from './frame.ts';
import type { TransactionFields } from './requests.ts';

const EMPTY = new Uint8Array(0);
const NO_DEPOSITS: readonly AssetAmount[] = Object.freeze([]);
const DEFAULT_ENTRY: EntryPoint = Object.freeze({ kind: 'default' });
const CONSTRUCTOR: EntryPoint = Object.freeze({ kind: 'hook', id: 0 });

/** The call of a transaction, admitted: every limit checked, defaults filled in, nothing moved yet. */
export interface AdmittedTransaction {
  readonly frame: Frame;
  /** The sender's nonce before the transaction. */
  readonly nonce: bigint;
}

/** What a call and a constructor's call have in common. */
export interface CallFields {
  readonly contract: Uint8Array;
  readonly entry?: EntryPoint | undefined;
  readonly input?: Uint8Array | undefined;
  readonly value?: bigint | undefined;
  readonly deposits?: readonly AssetAmount[] | undefined;
  readonly gasLimit?: bigint | undefined;
  readonly isStatic?: boolean | undefined;
}

/** The constructor's entry: hook 0 (framework.md T2). */
export function constructorEntry(): EntryPoint {
  return CONSTRUCTOR;
}

/**
 * Checks a transaction before anything happens. @throws VmError CONTEXT_INVALID, LIMIT_EXCEEDED (gas limit above the maximum),
 * INPUT_TOO_LARGE, STATIC_VIOLATION, CHECKPOINT_INVALID.
 */
export function admit(
  parts: EnvironmentParts,
  fields: TransactionFields,
  call: CallFields,
): AdmittedTransaction {
  const { state, gas, limits } = parts;
  check32('sender', fields.sender);
  check32('contract', call.contract);
  const gasLimit = call.gasLimit ?? gas.defaultLimit;
  if (gasLimit > gas.maxLimit) {
    throw new VmError('LIMIT_EXCEEDED', `gasLimit: ${gasLimit} is above the maximum of ${gas.maxLimit}.`, {
      hint: 'Ask for less gas, or raise gas.maxLimit in the configuration.',
    });
  }
  const input = call.input ?? EMPTY;
  if (input.length > limits.maxInputSize) {
    throw new VmError(
      'INPUT_TOO_LARGE',
      `the input has ${input.length} bytes, the limit is ${limits.maxInputSize}.`,
    );
  }
  const value = call.value ?? 0n;
  const deposits = call.deposits ?? NO_DEPOSITS;
  const isStatic = call.isStatic ?? false;
  if (isStatic && (value > 0n || deposits.some(({ amount }) => amount > 0n))) {
    throw new VmError('STATIC_VIOLATION', 'a read-only call cannot move value.');
  }
  const nonce = state.getNonce(fields.sender);
  // createContext checks lengths and ranges and fills in the block.
  const context = createContext({
    contract: call.contract,
    caller: fields.sender,
    value,
    deposits,
    input,
    gasLimit,
    gasPrice: fields.gasPrice ?? gas.price,
    isStatic,
    block: blockOf(parts.block, fields.block),
    tx: { hash: fields.txHash ?? ZERO_32, sender: fields.sender, nonce },
    entry: call.entry ?? DEFAULT_ENTRY,
  });
  const frame: Frame = {
    scope: {
      block: context.block,
      tx: context.tx,
      origin: fields.sender,
      gasPrice: context.gasPrice,
      debug: fields.debug ?? false,
      trace: fields.trace,
      observer: fields.observer,
      stack: [],
    },
    contract: call.contract,
    caller: fields.sender,
    value,
    deposits,
    input,
    entry: context.entry,
    gasLimit,
    depth: 0,
    isStatic,
  };
  return { frame, nonce };
}

/** What a transaction says of its block, over the environment's. Merging two was a twentieth of a small call, so it is spared where one of them is silent. */
function blockOf(own: Partial<BlockInfo>, given: Partial<BlockInfo> | undefined): Partial<BlockInfo> {
  if (given === undefined) return own;
  for (const _ in own) return { ...own, ...given };
  return given;
}

/** Takes price × limit from the sender. @throws VmError INSUFFICIENT_BALANCE: such a transaction is not admitted. */
export function prepayFee(state: JournaledState, { scope, caller, gasLimit }: Frame): void {
  if (scope.gasPrice === 0n) return;
  const fee = scope.gasPrice * gasLimit;
  if (fee <= MAX_U64 && state.adjustBalance(caller, NATIVE_ASSET, -fee)) return;
  throw unpaid(state, caller, scope.gasPrice, gasLimit, 0n);
}

/** Leaves the state as it is. @throws VmError INSUFFICIENT_BALANCE when the sender cannot pay gas and value. */
export function checkFunds(
  state: JournaledState,
  sender: Uint8Array,
  gasPrice: bigint,
  gasLimit: bigint,
  value: bigint,
): void {
  if (gasPrice * gasLimit + value <= state.getBalance(sender, NATIVE_ASSET)) return;
  throw unpaid(state, sender, gasPrice, gasLimit, value);
}

function unpaid(
  state: JournaledState,
  sender: Uint8Array,
  gasPrice: bigint,
  gasLimit: bigint,
  value: bigint,
): VmError {
  const fee = gasPrice * gasLimit;
  const available = state.getBalance(sender, NATIVE_ASSET);
  const more = value === 0n ? '' : `, and ${value} are given along`;
  return new VmError(
    'INSUFFICIENT_BALANCE',
    `gas of ${gasLimit} at ${gasPrice} costs ${fee}${more}; the sender holds ${available}.`,
    {
      details: { required: `${fee + value}`, available: `${available}` },
    },
  );
}

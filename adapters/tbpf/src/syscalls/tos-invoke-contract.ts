import { type CallOutcome, type CallRequest, ERROR_TABLE, type VmErrorCode } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { fixedRange, isFault, readHash, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import { noDeposits, type TosHost, tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** Bytes of the call record at r2: entry u16, flags u16, pad u32, gas u64, params ptr u64, params len u64, value u64. */
const RECORD_BYTES = 40;
const READ_ONLY_FLAG = 1;

/** In r0 a failed callee is 2^63 + the number of its error's code. */
const FAILURE_BIT = 1n << 63n;

/**
 * Native names of what stops a call before the callee's first instruction and is the caller's to know: it ends the caller. Anything
 * else that stops it there, such as code that no engine takes, is the callee's failure.
 */
const REFUSALS: Readonly<Partial<Record<VmErrorCode, string>>> = {
  UNKNOWN_CONTRACT: 'UnknownContract',
  CALL_DEPTH_EXCEEDED: 'CallDepthExceeded',
  REENTRANCY: 'Reentrancy',
  INSUFFICIENT_BALANCE: 'InsufficientBalance',
  BALANCE_OVERFLOW: 'BalanceOverflow',
  STATIC_VIOLATION: 'StaticViolation',
  INPUT_TOO_LARGE: 'ParametersTooLarge',
};

/** `tos_invoke_contract(contract, record)`. A gas limit above what is left fails the caller; 0 means all that is left. */
export const tosInvokeContract: TosSyscall = {
  name: 'tos_invoke_contract',
  summary:
    'Runs an entry of another contract, on whatever engine it has. The record has 40 bytes and lies 8-aligned: entry u16, flags u16 (bit 0: read-only), pad u32, gas limit u64 (0: all that is left), params ptr u64, params len u64, value u64. A callee that fails is rolled back, and the caller goes on.',
  parameters: ['contract', 'record'],
  result: "the callee's exit code; 2^63 + the number of its error when it failed",
  price: { base: 1000, plus: "the callee's own gas" },
  limits: [],
  errors: ['InvalidCallRecord', ...Object.values(REFUSALS)],
  run(machine) {
    const refused = admit(machine, tosInvokeContract);
    if (refused !== undefined) return refused;
    const contract = readHash(machine, 1);
    if (isFault(contract)) return contract;
    const record = fixedRange(machine, 2, RECORD_BYTES, false);
    if (isFault(record)) return record;
    if ((machine.lowWord(2) & 7) !== 0) return syscallFault('InvalidCallRecord');
    const request = readRequest(machine, contract, record);
    if ('stage' in request) return request;

    const left = machine.meter.left;
    const isOpen = request.gasLimit === 0n;
    if (request.gasLimit > left) return syscallFault('ExceededMaxInstructions');
    const host = tosHostOf(machine);
    const usedBefore = machine.meter.used;
    host.returnData = undefined;
    const outcome = host.context.host.call(isOpen ? { ...request, gasLimit: left } : request);
    recordGas(machine, host, outcome, isOpen, usedBefore, request.gasLimit);
    for (const entry of outcome.logs) host.logs.push(entry);
    const refusal = outcome.started || outcome.error === null ? undefined : REFUSALS[outcome.error.code];
    if (refusal !== undefined) return syscallFault(refusal);
    if (outcome.returnData.length > 0) host.returnData = { bytes: outcome.returnData, setter: contract };
    return succeed(machine, resultOf(outcome));
  },
};

function readRequest(
  machine: Machine,
  contract: Uint8Array,
  record: Uint8Array,
): CallRequest | TbpfNativeError {
  const view = new DataView(record.buffer, record.byteOffset, RECORD_BYTES);
  const flags = view.getUint16(2, true);
  if ((flags & ~READ_ONLY_FLAG) !== 0) return syscallFault('InvalidCallRecord');
  const length = view.getBigUint64(24, true);
  let input = new Uint8Array(0);
  if (length > 0n) {
    const low = view.getInt32(16, true);
    const high = view.getInt32(20, true);
    const bytes = machine.bytesAtAddress(low, high, Number(length), false);
    if (bytes === undefined) return machine.addressFault(low, high, length, false);
    input = bytes.slice();
  }
  return {
    contract,
    entry: { kind: 'entry', id: view.getUint16(0, true) },
    input,
    value: view.getBigUint64(32, true),
    deposits: noDeposits,
    gasLimit: view.getBigUint64(8, true),
    isStatic: (flags & READ_ONLY_FLAG) !== 0,
  };
}

/**
 * Charges what the callee used, and notes what the call demanded: a limit of its own must be there in full at this point; with all
 * that is left, the callee's own peak. A callee that looks at its open limit, or that fails for want of gas under it, makes the
 * caller's way depend on the gas that it was given.
 */
function recordGas(
  machine: Machine,
  host: TosHost,
  outcome: CallOutcome,
  isOpen: boolean,
  usedBefore: bigint,
  limit: bigint,
): void {
  host.demand(usedBefore + (isOpen ? outcome.gasPeak : limit));
  if (isOpen && (outcome.gasObserved || outcome.error?.code === 'OUT_OF_GAS')) host.gasObserved = true;
  machine.meter.consume(outcome.gasUsed);
}

function resultOf(outcome: CallOutcome): bigint {
  if (outcome.status === 'failed')
    return FAILURE_BIT + BigInt(outcome.error?.number ?? ERROR_TABLE.INTERNAL.number);
  return outcome.exitCode ?? 0n;
}

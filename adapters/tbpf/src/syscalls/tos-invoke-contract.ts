import { type CallOutcome, type CallRequest, ERROR_TABLE } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import { UNMAPPED } from '../memory/memory-map.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { charge, fixedRange, isFault, readHash, succeed } from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';
import { noDeposits, type TosHost, tosHostOf } from './tos-host.ts';

/** Bytes of the call record at r2: entry u16, flags u16, pad u32, gas u64, params ptr u64, params len u64, value u64. */
const RECORD_BYTES = 40;
const READ_ONLY_FLAG = 1;

/** In r0 a failed callee is 2^63 + the number of its error's code. */
const FAILURE_BIT = 1n << 63n;

/** Native names of what stops a call before the callee's first instruction; it ends the caller. */
const NOT_STARTED_NAMES: Readonly<Record<string, string>> = {
  UNKNOWN_CONTRACT: 'UnknownContract',
  CALL_DEPTH_EXCEEDED: 'CallDepthExceeded',
  REENTRANCY: 'Reentrancy',
  INSUFFICIENT_BALANCE: 'InsufficientBalance',
  BALANCE_OVERFLOW: 'BalanceOverflow',
  STATIC_VIOLATION: 'StaticViolation',
  INPUT_TOO_LARGE: 'ParametersTooLarge',
};

/**
 * `tos_invoke_contract(contract, record)`: runs an entry of another contract, on whatever engine it has, and returns its exit code;
 * a callee that fails is rolled back and gives 2^63 + its error's number. 1,000 gas and what the callee used. A gas limit above what
 * is left fails the caller, 0 means all that is left.
 */
export const tosInvokeContract: Syscall = {
  name: 'tos_invoke_contract',
  run(machine) {
    const refused = charge(machine, 1000);
    if (refused !== undefined) return refused;
    const contract = readHash(machine, 1);
    if (isFault(contract)) return contract;
    const record = fixedRange(machine, 2, RECORD_BYTES, false);
    if (isFault(record)) return record;
    if ((machine.low[2]! & 7) !== 0) return syscallFault('InvalidCallRecord');
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
    if (!outcome.started) return syscallFault(notStartedName(outcome));
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
    const offset = machine.memory.locate(high, low, Number(length), false);
    if (offset === UNMAPPED) return machine.memory.violation(false, low, high, length);
    input = machine.memory.bytes[high]!.slice(offset, offset + Number(length));
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
 * that is left, the callee's own peak, and whether it looked at its gas.
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
  if (isOpen && outcome.gasObserved) host.gasObserved = true;
  machine.meter.consume(outcome.gasUsed);
}

function notStartedName(outcome: CallOutcome): string {
  const code = outcome.error?.code;
  return (code === undefined ? undefined : NOT_STARTED_NAMES[code]) ?? 'CallRefused';
}

function resultOf(outcome: CallOutcome): bigint {
  if (outcome.status === 'failed')
    return FAILURE_BIT + BigInt(outcome.error?.number ?? ERROR_TABLE.INTERNAL.number);
  return outcome.exitCode ?? 0n;
}

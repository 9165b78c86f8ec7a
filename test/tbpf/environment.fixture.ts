import {
  type EnvironmentConfig,
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  type TransactionRequest,
  type TransactionResult,
  VmEventBus,
  VmFactory,
} from '@switchyard/core';
import { TbpfTools, tbpfEngine } from '@switchyard/tbpf';

/** Address of the n-th contract, from 1. */
export const contractAddress = (n: number): Uint8Array => new Uint8Array(32).fill(n);

/** Who signs. */
export const USER = new Uint8Array(32).fill(0xee);

/** An environment with the given contracts at addresses 1, 2, …, each with 1,000 native units; the user has 1,000,000. */
export function environmentOf(sources: readonly string[], config: EnvironmentConfig = {}) {
  const tools = new TbpfTools();
  const state = new JournaledState(new MemoryBackend());
  const events = new VmEventBus();
  const environment = new ExecutionEnvironment({
    state,
    factory: new VmFactory([tbpfEngine]),
    config,
    events,
  });
  for (const [index, source] of sources.entries()) {
    state.setCode(contractAddress(index + 1), tools.assemble(source));
    state.adjustBalance(contractAddress(index + 1), NATIVE_ASSET, 1000n);
  }
  state.adjustBalance(USER, NATIVE_ASSET, 1_000_000n);
  state.flush();
  const call = (request: Partial<TransactionRequest> = {}): TransactionResult =>
    environment.call({ contract: contractAddress(1), sender: USER, ...request });
  return { environment, state, events, call };
}

/** Fields of a call record; all but the callee have defaults. */
export interface CallRecord {
  readonly to: number;
  readonly entry?: number;
  readonly flags?: number;
  readonly gas?: bigint;
  readonly input?: Uint8Array;
  readonly value?: bigint;
}

const INPUT = 0x4_0000_0000;

/**
 * The input of a contract that calls another: the callee's address at 0, the record at 32, its parameters at 72. The contract passes
 * r1 = input and r2 = input + 32.
 */
export function callInput({
  to,
  entry = 0,
  flags = 0,
  gas = 0n,
  input = new Uint8Array(0),
  value = 0n,
}: CallRecord): Uint8Array {
  const bytes = new Uint8Array(72 + input.length);
  const view = new DataView(bytes.buffer);
  bytes.set(contractAddress(to));
  view.setUint16(32, entry, true);
  view.setUint16(34, flags, true);
  view.setBigUint64(40, gas, true);
  view.setBigUint64(48, BigInt(INPUT + 72), true);
  view.setBigUint64(56, BigInt(input.length), true);
  view.setBigUint64(64, value, true);
  bytes.set(input, 72);
  return bytes;
}

/** Calls the contract that the input names, and ends with `after`; r0 is the call's answer. 3 instructions and the call. */
export const caller = (after = 'exit'): string => `
  entrypoint:
    add64 r10, 0
    mov64 r2, r1
    add64 r2, 32
    syscall tos_invoke_contract
    ${after}`;

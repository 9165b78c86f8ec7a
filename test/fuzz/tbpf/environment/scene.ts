import {
  bytesToHex,
  ExecutionEnvironment,
  JournaledState,
  MemoryBackend,
  NATIVE_ASSET,
  type TransactionResult,
  VmError,
  VmFactory,
} from '@switchyard/core';
import { tbpfEngine } from '@switchyard/tbpf';
import { contractFile } from './contract-file.ts';
import type { EnvironmentCase, FuzzCall } from './environment-case.ts';

/** Address of a contract, by its number from 0. */
export const contractAddress = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1);

const USER = new Uint8Array(32).fill(0xee);

/** What a transaction has left, by name; equal values have equal text. */
export type CallObservation = Readonly<Record<string, unknown>>;

/** An environment of a case on one tier; each transaction sees what those before it have done. */
export class Scene {
  readonly #environment: ExecutionEnvironment;

  constructor({ contracts, options }: Pick<EnvironmentCase, 'contracts' | 'options'>, tier: string) {
    const state = new JournaledState(new MemoryBackend());
    for (const [index, contract] of contracts.entries()) {
      state.setCode(contractAddress(index), contractFile(contract));
      state.adjustBalance(contractAddress(index), NATIVE_ASSET, 1000n);
    }
    state.adjustBalance(USER, NATIVE_ASSET, 1_000_000n);
    state.flush();
    const engines = { tbpf: { enabled: true, options: { ...options, tier } } };
    this.#environment = new ExecutionEnvironment({
      state,
      factory: new VmFactory([tbpfEngine], { engines }),
      config: { contracts: { reentrancy: { default: 'allow' } } },
    });
  }

  call({ contract, input, gasLimit, isStatic, value }: FuzzCall): CallObservation {
    const request = { contract: contractAddress(contract), sender: USER, input, gasLimit, isStatic, value };
    try {
      return observe(this.#environment.call({ ...request, entry: { kind: 'entry', id: 0 } }));
    } catch (thrown) {
      if (!(thrown instanceof VmError) || thrown.code === 'INTERNAL') throw thrown;
      return { status: 'refused', error: errorOf(thrown) };
    }
  }
}

function observe({
  status,
  exitCode,
  error,
  result,
  outputs,
  gas,
  stateChanges,
}: TransactionResult): CallObservation {
  const { stats, error: runError, ...rest } = result;
  const { tier: _, compileMs: __, ...counted } = stats;
  return {
    status,
    exitCode,
    error: errorOf(error),
    runError: errorOf(runError),
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [`result.${name}`, value])),
    stats: counted,
    outputs,
    gas,
    stateChanges,
  };
}

function errorOf(error: VmError | null): unknown {
  if (error === null) return null;
  const { code, message, native, pc, contract, details, hint } = error;
  return { code, message, native, pc, contract, details, hint };
}

/** A value as text: bytes as hexadecimal, big numbers in decimal. */
export function observationText(value: unknown): string {
  const text = JSON.stringify(value, (_, part) => {
    if (typeof part === 'bigint') return `${part}n`;
    return part instanceof Uint8Array ? bytesToHex(part) : part;
  });
  return text ?? 'absent';
}

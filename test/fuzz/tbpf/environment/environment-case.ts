import type { TextProgram } from '../shrink-text.ts';

/** One transaction. */
export interface FuzzCall {
  /** Number of the contract, from 0. */
  readonly contract: number;
  readonly input: Uint8Array;
  readonly gasLimit: bigint;
  readonly isStatic: boolean;
  readonly value: bigint;
}

/** Contracts that may call each other and themselves, and transactions one after another on one state. */
export interface EnvironmentCase {
  readonly id: string;
  readonly kind: EnvironmentKind;
  readonly contracts: readonly TextProgram[];
  /** Options of the engine, the same for all tiers. */
  readonly options: { readonly heapBytes: number; readonly maxFrames: number };
  readonly calls: readonly FuzzCall[];
}

/** `environment`: one contract and its syscalls; `nested`: several that call each other. */
export type EnvironmentKind = 'environment' | 'nested';

export const environmentKinds: readonly EnvironmentKind[] = ['environment', 'nested'];

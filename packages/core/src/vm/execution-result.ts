import type { VmError } from '../errors/vm-error.ts';
import type { AccessSets, StateChange } from '../state/changes.ts';
import type { BurnOutput, EventOutput, MintOutput, TransferOutput } from './outputs.ts';

/** The specified ends of a run: done; the contract said no (exit code ≠ 0); the machine broke. */
export type ExecutionStatus = 'success' | 'reverted' | 'failed';

/** A message that a contract logged. Kept also when the run fails. */
export interface LogEntry {
  /** Who logged (32 bytes). */
  readonly contract: Uint8Array;
  readonly message: string;
}

/** How the run was done. Informs; never part of what two runs must agree in. */
export interface ExecutionStats {
  readonly engine: string;
  readonly tier: EngineTier;
  /** Instructions of this call's own code; callees' are theirs. */
  readonly instructions: bigint;
  readonly compileMs: number;
  /** The smallest limit with which this run could have ended the same way, if it did not look at its gas. */
  readonly gasPeak: bigint;
  /** True when the contract looked at its remaining gas, so that `gasPeak` promises nothing. */
  readonly gasObserved: boolean;
}

/** `reference`: plain TypeScript, the oracle; `interpreter`: generated WebAssembly; `compiled`: the contract as WebAssembly. */
export type EngineTier = 'reference' | 'interpreter' | 'compiled';

interface ResultFields {
  /** Raw use, at most the limit. Only the environment clamps, refunds, burns and debits. */
  readonly gasUsed: bigint;
  readonly gasRefund: bigint;
  readonly returnData: Uint8Array;
  /** The typed return value, where the engine has types; a JSON-ready value. */
  readonly returnValue: unknown;
  /** In order of emission, callees' included. Empty unless the run succeeded. */
  readonly events: readonly EventOutput[];
  readonly logs: readonly LogEntry[];
  readonly transfers: readonly (TransferOutput | MintOutput | BurnOutput)[];
  /** Old and new values, in order of first touch. Empty unless the run succeeded. */
  readonly stateChanges: readonly StateChange[];
  readonly accessed: AccessSets;
  readonly stats: ExecutionStats;
}

/** How a call ended. `switch (result.status)`; the compiler insists on all three. */
export type ExecutionResult =
  | (ResultFields & { readonly status: 'success'; readonly exitCode: bigint; readonly error: null })
  | (ResultFields & { readonly status: 'reverted'; readonly exitCode: bigint; readonly error: VmError })
  | (ResultFields & { readonly status: 'failed'; readonly exitCode: null; readonly error: VmError });

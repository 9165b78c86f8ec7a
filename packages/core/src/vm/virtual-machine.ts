import type { VmError } from '../errors/vm-error.ts';
import type { GasEstimate } from '../gas/gas-estimate.ts';
import type { StateAccess } from '../state/state-access.ts';
import type { ExecutionContext } from './execution-context.ts';
import type { ExecutionResult } from './execution-result.ts';

/** Engine id, kebab-case and stable; third parties add their own. */
export type VmType = 'tbpf' | 'legacy' | 'evm' | 'wasm' | 'prozvm' | 'move' | (string & {});

/** What is implemented: of the engine itself, and the named abilities that a caller may ask for. */
export interface VmVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly features: readonly string[];
}

/** Verdict of `validateCode`. */
export interface ValidationReport {
  readonly valid: boolean;
  /** The first error, when not valid. */
  readonly error: VmError | null;
  /** What a developer should know though the code runs, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Runs one contract call. Holds no state of a run: one instance serves many calls, nested ones too. Synchronous on purpose; see
 * docs/adr/0001.
 */
export interface VirtualMachine {
  readonly type: VmType;
  readonly version: VmVersion;
  /**
   * Runs `code` to its end. The state is left as the run left it, also after a failure: whoever calls holds the checkpoint.
   * @throws only for a broken host or a bug in the engine; a contract's failure is a result.
   */
  execute(code: Uint8Array, context: ExecutionContext, state: StateAccess): ExecutionResult;
  /** What limit this call needs, searched up to `context.gasLimit`. The state is left unchanged. */
  estimateGas(code: Uint8Array, context: ExecutionContext, state: StateAccess): GasEstimate;
  /** Checks code before it is deployed or run. Never throws on bad code. */
  validateCode(code: Uint8Array): ValidationReport;
}

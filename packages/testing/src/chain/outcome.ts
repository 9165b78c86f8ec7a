import type { DeployResult, EventOutput, TransactionResult } from '@switchyard/core';

/** How a call ended: core's result, with what tests ask for most within reach. */
export interface TestOutcome extends TransactionResult {
  /** Units that were charged: used, at most the limit, less the refund. */
  readonly gasUsed: bigint;
  readonly returnData: Uint8Array;
  /** In order; empty unless the call succeeded. */
  readonly events: readonly EventOutput[];
  /** Messages in order; kept also when the call failed. */
  readonly logs: readonly string[];
}

/** How a deployment ended. */
export interface DeploymentOutcome extends TestOutcome {
  /** Engine that was chosen; null when none was found. */
  readonly engine: string | null;
  /** sha-256 of the code. */
  readonly codeHash: Uint8Array;
  /** True when a constructor ran. */
  readonly constructed: boolean;
}

/** Brings what tests ask for to the surface of a result. */
export function toOutcome(result: DeployResult): DeploymentOutcome;
export function toOutcome(result: TransactionResult): TestOutcome;
export function toOutcome(result: TransactionResult): TestOutcome {
  return {
    ...result,
    gasUsed: result.gas.charged,
    returnData: result.result.returnData,
    events: result.result.events,
    logs: result.result.logs.map(({ message }) => message),
  };
}

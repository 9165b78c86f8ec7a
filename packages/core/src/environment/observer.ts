import type { VmEventBus } from '../events/event-bus.ts';
import type { BlockInfo } from '../vm/execution-context.ts';
import type { DeployRequest, DeployResult, TransactionRequest, TransactionResult } from './requests.ts';

/**
 * Sees transactions after they were written to the store: to record them, or to run another engine beside. It cannot change a result:
 * what it throws is emitted as `observer-error`, and the transaction's result is returned all the same. Simulations are not shown.
 */
export interface TransactionObserver {
  /** @param block the block that the call ran in: the environment's own, with what the request says over it. */
  called?(request: TransactionRequest, result: TransactionResult, block: Partial<BlockInfo>): void;
  deployed?(request: DeployRequest, result: DeployResult): void;
}

/** Tells every observer, whatever the others do. */
export function tellObservers(
  observers: readonly TransactionObserver[],
  events: VmEventBus | undefined,
  tell: (observer: TransactionObserver) => void,
): void {
  for (const observer of observers) {
    try {
      tell(observer);
    } catch (thrown) {
      events?.emit('observer-error', thrown);
    }
  }
}

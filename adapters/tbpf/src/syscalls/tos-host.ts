import type { AssetAmount, ExecutionContext, LogEntry, StateAccess, VmEventBus } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';

/** Return data as `tos_get_return_data` sees it. */
export interface ReturnData {
  readonly bytes: Uint8Array;
  /** The contract that set it (32 bytes). */
  readonly setter: Uint8Array;
}

/** What the tos_* syscalls of one run share: its surroundings, and what it leaves besides the state. */
export class TosHost {
  readonly context: ExecutionContext;
  readonly state: StateAccess;
  readonly logs: LogEntry[] = [];
  returnData: ReturnData | undefined;
  /** True once the contract could have seen how much gas is left. */
  gasObserved = false;
  /** The highest point of gas demand that calls with a limit of their own made, above what was used. */
  gasPeak = 0n;
  /** Counts calls of `tos_random` in this run. */
  randomCalls = 0n;
  /** Listeners, or undefined where nobody listens. */
  readonly events: VmEventBus | undefined;
  readonly reportsStorage: boolean;
  readonly reportsSyscalls: boolean;

  constructor(context: ExecutionContext, state: StateAccess) {
    this.context = context;
    this.state = state;
    this.events = context.events;
    this.reportsStorage = (context.events?.listenerCount('storage') ?? 0) > 0;
    this.reportsSyscalls = (context.events?.listenerCount('syscall') ?? 0) > 0;
  }

  /** The executing contract (32 bytes). */
  get contract(): Uint8Array {
    return this.context.contract;
  }

  /** Keeps the highest demand seen. */
  demand(units: bigint): void {
    if (units > this.gasPeak) this.gasPeak = units;
  }
}

/** No deposits: a contract gives other assets by `tos_transfer_asset`. */
export const noDeposits: readonly AssetAmount[] = Object.freeze([]);

/** The host of a machine that runs with the tos_* syscalls. */
export function tosHostOf(machine: Machine): TosHost {
  return machine.host as TosHost;
}

import type { VmError } from '../errors/vm-error.ts';
import type { GasSettlement } from '../gas/gas-policy.ts';
import type { StateChange } from '../state/changes.ts';
import type { AssetAmount, BlockInfo, EntryPoint } from '../vm/execution-context.ts';
import type { ExecutionResult, ExecutionStatus } from '../vm/execution-result.ts';
import type { Output } from '../vm/outputs.ts';
import type { RunObserver } from '../vm/run-observer.ts';
import type { TraceRequest } from '../vm/trace.ts';

/** What every transaction may say of its surroundings. */
export interface TransactionFields {
  /** Address (32 bytes) that signs, pays and whose nonce rises. */
  readonly sender: Uint8Array;
  /** By default the configuration's price. */
  readonly gasPrice?: bigint;
  /** Over the configuration's block. */
  readonly block?: Partial<BlockInfo>;
  /** 32 bytes; by default zeros. */
  readonly txHash?: Uint8Array;
  readonly debug?: boolean;
  readonly trace?: TraceRequest;
  /** Watches the run and all calls in it from inside. */
  readonly observer?: RunObserver;
}

/** A transaction that calls a contract. */
export interface TransactionRequest extends TransactionFields {
  readonly contract: Uint8Array;
  readonly entry?: EntryPoint;
  readonly input?: Uint8Array;
  readonly value?: bigint;
  readonly deposits?: readonly AssetAmount[];
  /** By default the configuration's `gas.defaultLimit`; at most its `gas.maxLimit`. */
  readonly gasLimit?: bigint;
  /** A read-only call: any change of state fails it. */
  readonly isStatic?: boolean;
}

/** The constructor's call in a deployment. */
export interface ConstructorCall {
  readonly gasLimit?: bigint;
  readonly deposits?: readonly AssetAmount[];
  readonly input?: Uint8Array;
  readonly value?: bigint;
}

/** A transaction that deploys a contract. */
export interface DeployRequest extends TransactionFields {
  readonly code: Uint8Array;
  /** Engine that the module itself asks for; stored with it. */
  readonly engine?: string;
  /** Address (32 bytes) instead of the one by the address policy. */
  readonly address?: Uint8Array;
  /**
   * How to call hook 0, the constructor. Absent: it is called with empty input if the code has it. Given: the code must have it.
   * `none`: it is not called. (Not named `constructor`, which every object has.)
   */
  readonly construct?: ConstructorCall | 'none';
}

/** How a transaction ended. A rolled back one has no changes but nonce and fees. */
export interface TransactionResult {
  readonly status: ExecutionStatus;
  readonly exitCode: bigint | null;
  readonly error: VmError | null;
  /** The called or deployed contract. */
  readonly contract: Uint8Array;
  /** The engine's own result of the outermost call. */
  readonly result: ExecutionResult;
  /** The run's own outputs if it succeeded; then refund-deposits, exit-code, refund-gas (gas units), as far as they apply. */
  readonly outputs: readonly Output[];
  readonly gas: GasSettlement;
  /** All that the transaction changed, fees and nonce included. */
  readonly stateChanges: readonly StateChange[];
}

/** How a deployment ended. */
export interface DeployResult extends TransactionResult {
  /** Engine that was chosen; null when none was found. */
  readonly engine: string | null;
  /** sha-256 of the code. */
  readonly codeHash: Uint8Array;
  /** True when a constructor ran. */
  readonly constructed: boolean;
}

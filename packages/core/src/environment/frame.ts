import type { AssetAmount, BlockInfo, EntryPoint, TransactionInfo } from '../vm/execution-context.ts';
import type { ExecutionResult } from '../vm/execution-result.ts';
import type { RunObserver } from '../vm/run-observer.ts';
import type { TraceRequest } from '../vm/trace.ts';

/** What all calls of one transaction share. */
export interface TransactionScope {
  readonly block: BlockInfo;
  readonly tx: TransactionInfo;
  readonly origin: Uint8Array;
  readonly gasPrice: bigint;
  readonly debug: boolean;
  readonly trace: TraceRequest | undefined;
  readonly observer: RunObserver | undefined;
  /** `byteKey`s of the contracts on the call stack, outermost first. */
  readonly stack: string[];
}

/** How a frame ended. */
export interface FrameEnd {
  readonly result: ExecutionResult;
  /** True when the callee's code, or a precompile, began to run. */
  readonly started: boolean;
  /** True when value and deposits had been taken, and on failure were given back. */
  readonly fundsTaken: boolean;
}

/** One call to be run. */
export interface Frame {
  readonly scope: TransactionScope;
  readonly contract: Uint8Array;
  readonly caller: Uint8Array;
  readonly value: bigint;
  readonly deposits: readonly AssetAmount[];
  readonly input: Uint8Array;
  readonly entry: EntryPoint;
  readonly gasLimit: bigint;
  readonly depth: number;
  readonly isStatic: boolean;
}

import { EventEmitter } from 'eventemitter3';
import type { ExecutionContext } from '../vm/execution-context.ts';
import type { ExecutionResult } from '../vm/execution-result.ts';
import type { TraceStep } from '../vm/trace.ts';

/** Payloads of the events by name. Listeners must not change what they are given; a throwing listener is the host's fault. */
export interface VmEventMap {
  /** A call is about to run. */
  call: (context: ExecutionContext) => void;
  /** A call has ended. */
  result: (context: ExecutionContext, result: ExecutionResult) => void;
  log: (contract: Uint8Array, message: string) => void;
  event: (contract: Uint8Array, topics: readonly Uint8Array[], data: Uint8Array) => void;
  storage: (access: StorageEvent) => void;
  syscall: (contract: Uint8Array, name: string, gasLeft: bigint) => void;
  /** A contract has compiled code from now on; how long making it took, on whatever thread. sha-256 of the code as hexadecimal. */
  compile: (engine: string, codeHash: string, milliseconds: number) => void;
  trace: (step: TraceStep) => void;
  /** An observer of transactions threw; the transaction was not affected. */
  'observer-error': (thrown: unknown) => void;
}

/** A storage access by a contract; `value` is undefined for a missing key or a deletion. */
export interface StorageEvent {
  readonly kind: 'read' | 'write' | 'delete';
  readonly contract: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** The event bus: eventemitter3. Emitters ask `listenerCount` first, so that an event nobody wants costs nothing. */
export class VmEventBus extends EventEmitter<VmEventMap> {}

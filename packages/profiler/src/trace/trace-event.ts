import type { ExecutionStatus, SourceLocation, SyscallArgument } from '@switchyard/core';

/** Where an event happened. */
export interface TracePlace {
  /** Depth of contract calls; the outermost has 0. */
  readonly depth: number;
  /** The instruction in which it happened; undefined before the first, and for what ran without any. */
  readonly pc?: number | undefined;
  readonly function?: string | undefined;
  readonly source?: SourceLocation | undefined;
}

/** A contract is called. */
export interface CallEvent extends TracePlace {
  readonly type: 'call';
  readonly contract: Uint8Array;
  readonly engine: string;
  /** `entry_N`, `hook_N`, `entrypoint` or a function's name. */
  readonly entry: string;
  readonly caller: Uint8Array;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly isStatic: boolean;
  /** The first 256 bytes. */
  readonly input: Uint8Array;
  readonly inputLength: number;
}

/** A contract's call has ended. */
export interface ReturnEvent extends TracePlace {
  readonly type: 'return';
  readonly contract: Uint8Array;
  readonly status: ExecutionStatus;
  readonly exitCode: bigint | null;
  /** Code and message of the error; null for success. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly gasUsed: bigint;
  /** The first 256 bytes. */
  readonly returnData: Uint8Array;
  readonly returnDataLength: number;
}

/** The machine enters a function of the contract; `pc` is its first instruction. */
export interface EnterEvent extends TracePlace {
  readonly type: 'enter';
  readonly function: string;
}

/** The machine leaves a function. */
export interface LeaveEvent extends TracePlace {
  readonly type: 'leave';
  readonly function: string;
  /** Spent in it and in what it called. */
  readonly gas: bigint;
}

/** An instruction is about to run. */
export interface StepEvent extends TracePlace {
  readonly type: 'step';
  /** Position in this call's own sequence, from 0. */
  readonly index: number;
  readonly pc: number;
  readonly instruction: string;
  readonly gasLeft: bigint;
  /** Depth of the machine's own call frames. */
  readonly frame: number;
  /** See `MachineView`. */
  readonly registers: readonly bigint[];
}

/** A syscall or native has ended; what it did to storage, logs and other contracts has been told before. */
export interface SyscallEvent extends TracePlace {
  readonly type: 'syscall';
  readonly name: string;
  readonly arguments: readonly SyscallArgument[];
  readonly result: bigint | string | null;
  /** Native text of the error that ended the run here. */
  readonly error: string | null;
  /** Its price, callees included; the instruction that called it is not. */
  readonly gas: bigint;
}

/** A contract has read or changed its storage. */
export interface StorageTraceEvent extends TracePlace {
  readonly type: 'storage';
  readonly kind: 'read' | 'write' | 'delete';
  readonly contract: Uint8Array;
  readonly key: Uint8Array;
  /** The first 256 bytes; null for a missing key or a deletion. */
  readonly value: Uint8Array | null;
  readonly valueLength: number;
}

/** A contract has logged a message. */
export interface LogTraceEvent extends TracePlace {
  readonly type: 'log';
  readonly contract: Uint8Array;
  /** The contract's text, as it is: escape it before showing it. */
  readonly message: string;
}

/** A contract has emitted an event. */
export interface EmitTraceEvent extends TracePlace {
  readonly type: 'event';
  readonly contract: Uint8Array;
  readonly topics: readonly Uint8Array[];
  /** The first 256 bytes. */
  readonly data: Uint8Array;
  readonly dataLength: number;
}

/** What a trace tells, in the order in which it happened. */
export type TraceEvent =
  | CallEvent
  | ReturnEvent
  | EnterEvent
  | LeaveEvent
  | StepEvent
  | SyscallEvent
  | StorageTraceEvent
  | LogTraceEvent
  | EmitTraceEvent;

/** Bytes of a value that an event holds. */
export const SHOWN_BYTES = 256;

import type { ExecutionContext } from './execution-context.ts';
import type { ExecutionResult } from './execution-result.ts';

/** An amount of gas: a number while it is at most 2^53 − 1, a bigint above. Exact either way, and cheap where it is small. */
export type ExactGas = number | bigint;

/** A running machine between two instructions. One object serves a whole run: read it during the callback, never keep it. */
export interface MachineView {
  /** Instructions that this call has executed. */
  readonly index: number;
  /** The instruction that runs next, in the engine's own unit. */
  readonly pc: number;
  /** Depth of the machine's own call frames. */
  readonly frame: number;
  /** Gas used by this call so far, callees' included. */
  readonly gasUsed: ExactGas;
  /** Mnemonic with operands, as the engine's disassembler prints it. */
  instruction(): string;
  /** Register values (r0, r1, … for register machines; the top of the stack first for stack machines). */
  registers(): readonly bigint[];
}

/** A call whose code is about to run. */
export interface ObservedCall {
  readonly context: ExecutionContext;
  /** The engine's type, or `precompile:NAME`. */
  readonly engine: string;
  /** The code that runs; undefined for a precompile. */
  readonly code: Uint8Array | undefined;
}

/** An argument of a syscall or native. */
export interface SyscallArgument {
  readonly name: string;
  /** The number as it was passed, or the value as the engine writes it. */
  readonly value: bigint | string;
  /** What a pointer leads to where the table says how long it is, at most 256 bytes; a copy. */
  readonly bytes?: Uint8Array;
  /** How many bytes there are, when `bytes` are only the first of them. */
  readonly length?: bigint;
}

/** A syscall or native that begins: its instruction is paid, its own price is not. Valid during the callback. */
export interface ObservedSyscall {
  readonly name: string;
  readonly gasUsed: ExactGas;
  arguments(): readonly SyscallArgument[];
}

/** How a syscall ended. */
export interface ObservedSyscallEnd {
  readonly name: string;
  readonly gasUsed: ExactGas;
  /** What it gave back, as an argument is given; undefined for nothing and after an error. */
  readonly result: bigint | string | undefined;
  /** The engine's native text of what ended the run here; undefined when it goes on. */
  readonly error: string | undefined;
}

/**
 * Watches a transaction from inside: calls of contracts in pairs, between them the steps and syscalls of their engines, each told
 * before or after it happens and nothing kept. A call with an observer of steps runs on the engine's reference tier; without, on any. It
 * never ends otherwise for being observed. An engine that has no steps to tell of may tell of none.
 */
export interface RunObserver {
  onCall?(call: ObservedCall): void;
  /** Before each instruction that can be paid. */
  onStep?(machine: MachineView): void;
  onSyscall?(syscall: ObservedSyscall): void;
  onSyscallEnd?(end: ObservedSyscallEnd): void;
  /** The call that was told of last and has not ended yet, ends so. */
  onResult?(context: ExecutionContext, result: ExecutionResult): void;
}

/** The larger of the two forms only where it is needed. */
export function exactGas(gas: bigint): ExactGas {
  return gas <= LARGEST_NUMBER ? Number(gas) : gas;
}

const LARGEST_NUMBER = BigInt(Number.MAX_SAFE_INTEGER);

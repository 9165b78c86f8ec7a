import type { Machine } from '../interpreter/machine.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { charge } from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';

/** An argument that may not be above a value; tested before any gas is charged. */
export interface ArgumentLimit {
  /** Number of the register, 1 to 5. */
  readonly register: number;
  readonly most: number;
  readonly error: string;
}

/** What a call costs besides the instruction itself. */
export interface SyscallPrice {
  readonly base: number;
  /** Units for each byte of the length in `register`. */
  readonly perByte?: number;
  readonly register?: number;
  /** What is charged on top and cannot be told from a register, in words. */
  readonly plus?: string;
}

/** A tos_* syscall with all that its reference page says; limits and price are the ones that it runs with. */
export interface TosSyscall extends Syscall {
  /** One sentence. */
  readonly summary: string;
  /** Names of the arguments in r1–r5. */
  readonly parameters: readonly string[];
  /** What r0 holds afterwards. */
  readonly result: string;
  readonly price: SyscallPrice;
  /** In the order in which they are tested. */
  readonly limits: readonly ArgumentLimit[];
  /** Further errors of its own; out of gas and memory faults can happen in every call. */
  readonly errors: readonly string[];
}

/** The first two steps of every call: limits, then gas (tos-syscalls.md, common rules). @returns the error that ends the run. */
export function admit(machine: Machine, { limits, price }: TosSyscall): TbpfNativeError | undefined {
  for (const { register, most, error } of limits) {
    if (machine.registerNumber(register) > most) return syscallFault(error);
  }
  const { base, perByte = 0, register = 0 } = price;
  return charge(machine, perByte === 0 ? base : base + perByte * machine.registerNumber(register));
}

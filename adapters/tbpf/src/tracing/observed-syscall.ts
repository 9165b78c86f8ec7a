import type { ExactGas, ObservedSyscall, ObservedSyscallEnd, RunObserver } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import type { Syscall } from '../syscalls/syscall.ts';
import { argumentsOf } from './syscall-arguments.ts';

/** True when an observer must be told of every syscall. */
export function wantsSyscalls({ onSyscall, onSyscallEnd }: RunObserver): boolean {
  return onSyscall !== undefined || onSyscallEnd !== undefined;
}

/** What is told of a syscall that begins. @param gasUsed with the instruction that calls it. */
export function beginningOf(machine: Machine, syscall: Syscall, gasUsed: ExactGas): ObservedSyscall {
  return { name: syscall.name, gasUsed, arguments: () => argumentsOf(machine, syscall) };
}

/** What is told of a syscall that has ended. */
export function endOf(machine: Machine, { name }: Syscall): ObservedSyscallEnd {
  const { fault } = machine;
  return {
    name,
    gasUsed: machine.meter.exactUsed,
    result: fault === undefined ? machine.register(0) : undefined,
    error: fault?.detail,
  };
}

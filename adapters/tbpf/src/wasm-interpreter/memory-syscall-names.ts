import type { Syscall } from '../syscalls/syscall.ts';

/** The syscalls that tier 0 and compiled code do inside WebAssembly, in the order of their codes. */
export const memorySyscalls = ['memcpy', 'memmove', 'memset', 'memcmp'] as const;

export type MemorySyscall = (typeof memorySyscalls)[number];

/** Which of them a syscall is: one with the very body, prices and errors of the tos_* call. */
export function memorySyscallIndex(syscall: Syscall): number | undefined {
  const index = memorySyscalls.indexOf(syscall.memory as MemorySyscall);
  return index < 0 ? undefined : index;
}

import { syscallKey } from '../format/murmur3.ts';
import type { Machine } from '../interpreter/machine.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { nativeError } from '../native-error.ts';

/**
 * A host function of the machine. It reads its arguments from r1–r5 of the machine, leaves its result in r0, and answers undefined;
 * or it answers the error with which the run ends, in the words of the reference (it becomes `SyscallError(…)`).
 */
export interface Syscall {
  readonly name: string;
  /** Argument registers that it may read, r1 to r<n>; absent: all five. */
  readonly registers?: number;
  /** Set on the four memory calls of the tos_* table: the fast tiers may do the same inside WebAssembly. */
  readonly memory?: 'memcpy' | 'memmove' | 'memset' | 'memcmp';
  run(machine: Machine): TbpfNativeError | undefined;
}

/** The syscalls of one engine, found by murmur3 key (spec §6.5). */
export interface SyscallTable extends SyscallKeys {
  readonly list: readonly Syscall[];
  indexOf(key: number): number | undefined;
}

/** An error of a syscall's own, without the `SyscallError` around it. */
export function syscallFault(
  name: string,
  ...payload: Parameters<typeof nativeError> extends [unknown, unknown, ...infer P] ? P : never
): TbpfNativeError {
  return nativeError('run', name, ...payload);
}

/**
 * Registers syscalls by name; registering the same one twice is allowed.
 * @throws Error when two different names have one key (`SymbolHashCollision`).
 */
export function createSyscallTable(syscalls: readonly Syscall[]): SyscallTable {
  const list: Syscall[] = [];
  const byKey = new Map<number, number>();
  for (const syscall of syscalls) {
    const key = syscallKey(syscall.name);
    const known = byKey.get(key);
    if (known !== undefined && list[known] !== syscall) {
      throw new Error(
        `SymbolHashCollision(${key}): syscalls ${list[known]!.name} and ${syscall.name} have the same key.`,
      );
    }
    if (known !== undefined) continue;
    byKey.set(key, list.length);
    list.push(syscall);
  }
  return {
    list,
    indexOf: (key) => byKey.get(key),
    has: (key) => byKey.has(key),
    name: (key) => list[byKey.get(key) ?? -1]?.name,
  };
}

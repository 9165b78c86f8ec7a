import { syscallKey } from '../format/murmur3.ts';

/** The registered syscalls, as loader, verifier and disassembler need to know them. */
export interface SyscallKeys {
  /** Whether a syscall with this murmur3 key is registered. */
  has(key: number): boolean;
  /** Name of the syscall with this key, if registered. */
  name(key: number): string | undefined;
}

/** A registry without syscalls. */
export const noSyscalls: SyscallKeys = Object.freeze({ has: () => false, name: () => undefined });

/** Builds a registry from names; of two names with one key the first is kept. */
export function syscallKeysOf(names: Iterable<string>): SyscallKeys {
  const byKey = new Map<number, string>();
  for (const name of names) {
    const key = syscallKey(name);
    if (!byKey.has(key)) byKey.set(key, name);
  }
  return { has: (key) => byKey.has(key), name: (key) => byKey.get(key) };
}

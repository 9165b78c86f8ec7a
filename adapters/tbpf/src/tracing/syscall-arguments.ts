import type { SyscallArgument } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import { HASH_BYTES } from '../syscalls/support.ts';
import type { Syscall } from '../syscalls/syscall.ts';
import type { TosSyscall } from '../syscalls/tos-syscall.ts';

/** Bytes of an argument that are shown. */
const SHOWN_BYTES = 256;

/** Parameters that point to an address, a hash or an asset. */
const HASHES: ReadonlySet<string> = new Set(['address', 'asset', 'contract', 'recipient', 'to']);

/** Parameters that point to what the call reads, with the parameter that holds its length. */
const RANGES: Readonly<Record<string, string>> = {
  key: 'keyLen',
  value: 'valueLen',
  name: 'nameLen',
  msg: 'len',
  data: 'len',
  src: 'len',
  a: 'len',
  b: 'len',
};

/** A call record at `record` (tos_invoke_contract). */
const RECORD_BYTES = 40;

/** The arguments of a syscall that is about to run, with what its pointers lead to where the table tells. Nothing is changed. */
export function argumentsOf(machine: Machine, syscall: Syscall): readonly SyscallArgument[] {
  const parameters = 'parameters' in syscall ? (syscall as TosSyscall).parameters : undefined;
  if (parameters === undefined) {
    return Array.from({ length: syscall.registers ?? 5 }, (_, index) => ({
      name: `r${index + 1}`,
      value: machine.register(index + 1),
    }));
  }
  return parameters.map((name, index) => {
    const register = index + 1;
    return { name, value: machine.register(register), ...pointedAt(machine, parameters, name, register) };
  });
}

function pointedAt(
  machine: Machine,
  parameters: readonly string[],
  name: string,
  register: number,
): Pick<SyscallArgument, 'bytes' | 'length'> {
  const fixed = HASHES.has(name) ? HASH_BYTES : name === 'record' ? RECORD_BYTES : undefined;
  const lengthIndex = parameters.indexOf(RANGES[name] ?? '') + 1;
  if (fixed === undefined && lengthIndex === 0) return {};
  const length = fixed === undefined ? machine.register(lengthIndex) : BigInt(fixed);
  const shown = Number(length > SHOWN_BYTES ? SHOWN_BYTES : length);
  if (shown === 0) return fixed === undefined ? { bytes: new Uint8Array(0) } : {};
  const bytes = machine.bytesAt(register, shown, false);
  if (bytes === undefined) return {};
  return { bytes: bytes.slice(), ...(length > shown ? { length } : {}) };
}

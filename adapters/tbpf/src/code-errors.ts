import type { VmError } from '@switchyard/core';
import { tbpfError } from './errors.ts';
import { foreignFile } from './foreign-file.ts';
import type { SyscallKeys } from './loader/syscall-keys.ts';
import type { TbpfNativeError } from './native-error.ts';

/** What to do about each reason for which loader or verifier refuses a file; the rest is said by the native text. */
const HINTS: Readonly<Record<string, string>> = {
  FailedToParse: 'The file is not a whole and well-formed ELF file; build it again.',
  ValueOutOfBounds:
    'A header points outside the file, or addresses overlap; the file may be cut short. Build it again.',
  WrongMachine: 'The file is for another machine; compile with `-target bpf` (`switchyard build` does).',
  WrongAbi: 'The file is for another operating system; compile with `-target bpf` (`switchyard build` does).',
  WrongType: 'The file is an object, not a linked contract; link it with `switchyard build FILE.o`.',
  NotOneTextSection: 'A contract has exactly one .text section; link the objects with `switchyard build`.',
  WritableSectionNotSupported:
    'Contracts have no writable globals: declare the global const, or keep the value in storage.',
  UnsupportedTBPFVersion: 'Build for a version that is enabled, or widen engines.tbpf.options.versions.',
  InvalidEntrypoint: 'The entry is not the start of an instruction; link the contract again.',
  EntrypointOutOfBounds: 'The entry lies outside the code; link the contract again.',
  RelativeJumpOutOfBounds: 'A call leads outside the code; link the contract again.',
  UnknownRelocation:
    'The linker left a relocation that this machine does not know; link with `switchyard build`.',
  UnknownSymbol: 'A relocation names a symbol that the file does not have; link the contract again.',
  UnresolvedSymbol: 'The contract calls a function that neither it nor the host has; check its name.',
  InvalidSyscall: 'The contract calls a function that the host does not have; check its name.',
  UnknownOpCode: 'The instruction does not exist in this version; compile with `-mcpu=v2` for version 0.',
};

/** The refusal of a file by the loader or the verifier, CODE_INVALID, with what to do about it. The file tells a wrong kind of file. */
export function codeError(error: TbpfNativeError, syscalls: SyscallKeys, code?: Uint8Array): VmError {
  const foreign = code !== undefined && error.stage === 'load' ? foreignFile(code) : undefined;
  if (foreign !== undefined) return tbpfError(error, `${foreign.what}.`, { hint: foreign.hint });
  if (error.name === 'SymbolHashCollision') return collisionError(error, syscalls);
  const who = error.stage === 'verify' ? 'the verifier refuses the code' : 'the ELF file is refused';
  const hint = HINTS[error.name];
  return tbpfError(error, `${who}: ${error.detail}.`, hint === undefined ? {} : { hint });
}

/** Names what clashes: a syscall where the key is one's, else two functions of the contract. */
function collisionError(error: TbpfNativeError, syscalls: SyscallKeys): VmError {
  const key = Number(error.payload[0]);
  const syscall = syscalls.name(key);
  const what =
    syscall === undefined
      ? `two functions of the contract have the key 0x${key.toString(16)}`
      : `a function of the contract has the key of the syscall ${syscall}`;
  return tbpfError(error, `the ELF file is refused: ${what}.`, {
    hint: 'Keys are hashes of names and positions: define `entrypoint` once, and move or rename a function.',
  });
}

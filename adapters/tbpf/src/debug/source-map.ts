import type { SourceLocation, SourceMap } from '@switchyard/core';
import { defaultTbpfConfig } from '../config.ts';
import { FunctionIndex } from '../function-index.ts';
import { readSymbols } from '../loader/entries.ts';
import { loadElf } from '../loader/load.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import { FunctionNames } from './function-names.ts';

const NOTHING: SourceMap = Object.freeze({ functionAt: () => undefined, locate: () => undefined });

/** Names and lines of an ELF file, from its symbols and debug information. A file that does not load has none. */
export function sourceMapOf(code: Uint8Array, syscalls: SyscallKeys): SourceMap {
  const loaded = loadElf(code, syscalls, defaultTbpfConfig);
  if (!loaded.ok) return NOTHING;
  const { executable } = loaded;
  const names = new FunctionNames(new FunctionIndex(readSymbols(code, executable)), executable.functions);
  return {
    functionAt: (pc) => names.nameAt(pc),
    locate: (_pc): SourceLocation | undefined => undefined,
  };
}

import type { SourceMap } from '@switchyard/core';
import { defaultTbpfConfig } from '../config.ts';
import { FunctionIndex } from '../function-index.ts';
import { isFunctionStart } from '../isa/instruction.ts';
import { featuresOf } from '../isa/version.ts';
import { readSymbols } from '../loader/entries.ts';
import { loadElf } from '../loader/load.ts';
import type { SyscallKeys } from '../loader/syscall-keys.ts';
import { debugInfoOf } from './debug-info.ts';
import { FunctionNames } from './function-names.ts';

const NOTHING: SourceMap = Object.freeze({ functionAt: () => undefined, locate: () => undefined });

/** Names and lines of an ELF file, from its symbols and debug information. A file that does not load has none. */
export function sourceMapOf(code: Uint8Array, syscalls: SyscallKeys): SourceMap {
  const loaded = loadElf(code, syscalls, defaultTbpfConfig);
  if (!loaded.ok) return NOTHING;
  const { executable } = loaded;
  const names = new FunctionNames(new FunctionIndex(readSymbols(code, executable)), executable.functions);
  const debug = debugInfoOf(code);
  const { stricterVerification } = featuresOf(executable.version);
  const isMarker = (pc: number): boolean => stricterVerification && isFunctionStart(executable.text, pc);
  return {
    functionAt: (pc) => names.nameAt(pc),
    // The linker puts a marker before a function, which no line of the source made.
    locate: (pc) => debug?.locate(pc) ?? (isMarker(pc) ? debug?.locate(pc + 1) : undefined),
  };
}

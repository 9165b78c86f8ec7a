import type { TbpfConfig } from '../config.ts';
import { elf } from '../format/elf-constants.ts';
import { slotSize } from '../isa/instruction.ts';
import type { TbpfVersion } from '../isa/version.ts';
import type { ElfContainer } from './elf/container-reader.ts';
import type { Executable } from './executable.ts';
import { FunctionRegistry } from './function-registry.ts';
import { parseElf } from './lenient/parse.ts';
import { buildReadOnlyRegion } from './lenient/read-only-region.ts';
import {
  type RelocationContext,
  registerFunction,
  relocateCalls,
  relocateDynamic,
} from './lenient/relocate.ts';
import { placeText, validateElf } from './lenient/validate.ts';
import { fail } from './load-failure.ts';
import type { SyscallKeys } from './syscall-keys.ts';

/** Loads a V0–V2 file (spec §8.4). Works on a copy; throws `LoadFailure`. */
export function loadLenient(
  bytes: Uint8Array,
  container: ElfContainer,
  version: TbpfVersion,
  syscalls: SyscallKeys,
  config: TbpfConfig,
): Executable {
  const file = parseElf(bytes, container);
  const text = validateElf(file);
  const textAddress = placeText(text, config.rejectBrokenElfs);
  // A text section without file bytes has no instructions: the reference's file range of NOBITS is empty.
  const isEmpty = text.type === elf.sectionNoBits;
  const textStart = isEmpty ? 0 : Number(text.offset);
  const textEnd = isEmpty ? 0 : Number(text.offset + text.size);
  // Not slice(): on a Node Buffer it would share the caller's memory.
  const copy = new Uint8Array(bytes);
  const functions = new FunctionRegistry();
  const context: RelocationContext = {
    file,
    copy,
    text,
    textStart,
    textEnd,
    functions,
    syscalls,
    config,
  };
  relocateCalls(context);
  relocateDynamic(context);
  const entryOffset = file.header.entry - text.address;
  if (entryOffset % BigInt(slotSize) !== 0n) fail('InvalidEntrypoint');
  const entryPc = Number(entryOffset / BigInt(slotSize));
  registerFunction(context, 'entrypoint', entryPc);
  const readOnly = buildReadOnlyRegion(file, copy, config);
  return {
    version,
    config,
    entryPc,
    text: copy.subarray(textStart, textEnd),
    textAddress,
    readOnly,
    functions,
  };
}

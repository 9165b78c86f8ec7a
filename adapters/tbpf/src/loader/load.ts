import { containerReader } from '#container-reader';
import type { TbpfConfig } from '../config.ts';
import { featuresOf, isTbpfVersion, type TbpfVersion } from '../isa/version.ts';
import type { TbpfOutcome } from '../native-error.ts';
import type { ElfContainerReader } from './elf/container-reader.ts';
import type { Executable } from './executable.ts';
import { loadLenient } from './lenient-loader.ts';
import { fail, failOutOfBounds, LoadFailure } from './load-failure.ts';
import { loadRawText, type RawFunction } from './raw-text.ts';
import { loadStrict } from './strict-loader.ts';
import type { SyscallKeys } from './syscall-keys.ts';

const flagsOffset = 48;

/**
 * Loads an ELF file (spec §8.2): picks the version from `e_flags`, then the strict or the lenient
 * loader. Never throws on bad input and never writes to `bytes`, though the result may share it.
 */
export function loadElf(
  bytes: Uint8Array,
  syscalls: SyscallKeys,
  config: TbpfConfig,
  reader: ElfContainerReader = containerReader,
): TbpfOutcome<{ readonly executable: Executable }> {
  try {
    return { ok: true, executable: load(bytes, syscalls, config, reader) };
  } catch (failure) {
    if (failure instanceof LoadFailure) return { ok: false, error: failure.error };
    throw failure;
  }
}

function load(
  bytes: Uint8Array,
  syscalls: SyscallKeys,
  config: TbpfConfig,
  reader: ElfContainerReader,
): Executable {
  if (bytes.length < flagsOffset + 4) failOutOfBounds();
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint32(flagsOffset, true);
  const [lowest, highest] = config.enabledVersions;
  if (!isTbpfVersion(version) || version < lowest || version > highest) return fail('UnsupportedTBPFVersion');
  const container = reader.read(bytes);
  if (container === undefined) return failOutOfBounds();
  return featuresOf(version).strictElf
    ? loadStrict(bytes, container, version, config)
    : loadLenient(bytes, container, version, syscalls, config);
}

/** A program as it comes from outside: an ELF file, or instruction slots of a known version. */
export type ProgramSource =
  | { readonly kind: 'elf'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'text';
      readonly bytes: Uint8Array;
      readonly version: TbpfVersion;
      readonly functions?: readonly RawFunction[];
    };

/** Loads a program of either kind (spec §8); the result still has to be verified. */
export function loadProgram(
  source: ProgramSource,
  syscalls: SyscallKeys,
  config: TbpfConfig,
): TbpfOutcome<{ readonly executable: Executable }> {
  return source.kind === 'elf'
    ? loadElf(source.bytes, syscalls, config)
    : loadRawText(source.bytes, source.version, syscalls, config, source.functions);
}

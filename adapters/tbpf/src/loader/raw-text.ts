import type { TbpfConfig } from '../config.ts';
import { addressMap } from '../format/elf-constants.ts';
import { syscallKey } from '../format/murmur3.ts';
import { featuresOf, type TbpfVersion } from '../isa/version.ts';
import { nativeError, type TbpfOutcome } from '../native-error.ts';
import type { Executable } from './executable.ts';
import { FunctionRegistry } from './function-registry.ts';
import type { SyscallKeys } from './syscall-keys.ts';

/** A function of raw text: registry key, slot, and a name if it has one. */
export type RawFunction = readonly [key: number, pc: number, name?: string];

/**
 * Loads instruction slots without an ELF container (spec §8.4.10). The entry is the function named
 * `entrypoint`, else slot 0. The only error is `SymbolHashCollision`; `text` is not copied.
 */
export function loadRawText(
  text: Uint8Array,
  version: TbpfVersion,
  syscalls: SyscallKeys,
  config: TbpfConfig,
  functions: readonly RawFunction[] = [],
): TbpfOutcome<{ readonly executable: Executable }> {
  const registry = new FunctionRegistry();
  for (const [key, pc, name = ''] of functions) {
    if (!registry.register(key, pc, name)) return collision(key);
  }
  const { lowBytecodeAddress, staticSyscalls } = featuresOf(version);
  let entryPc = registry.findByName('entrypoint')?.pc;
  if (entryPc === undefined) {
    entryPc = 0;
    const key = staticSyscalls ? 0 : syscallKey('entrypoint');
    if (!staticSyscalls && syscalls.has(key)) return collision(key);
    if (!registry.register(key, 0, 'entrypoint')) return collision(key);
  }
  const executable: Executable = {
    version,
    config,
    entryPc,
    text,
    textAddress: lowBytecodeAddress ? 0n : addressMap.program,
    readOnly: { address: addressMap.program, bytes: text },
    functions: registry,
  };
  return { ok: true, executable };
}

function collision(key: number): TbpfOutcome<never> {
  return { ok: false, error: nativeError('load', 'SymbolHashCollision', key) };
}

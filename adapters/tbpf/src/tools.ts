import {
  type AssemblyOptions,
  type CodeKind,
  type EngineTier,
  type EngineTools,
  type InspectionReport,
  type VectorCase,
  type VectorObservation,
  VmError,
} from '@switchyard/core';
import { assemble } from './assembler/assemble.ts';
import { defaultTbpfConfig, type TbpfConfig } from './config.ts';
import { disassemble } from './disassembler/disassemble.ts';
import { tbpfError } from './errors.ts';
import { inspectElf } from './inspect.ts';
import { isTbpfVersion, type TbpfVersion } from './isa/version.ts';
import { loadElf } from './loader/load.ts';
import { loadRawText } from './loader/raw-text.ts';
import { tosSyscallTable } from './syscalls/index.ts';
import { runTbpfVector } from './vectors/run-vector.ts';

/** Inspector, disassembler, assembler and vector runner of the TBPF engine. */
export class TbpfTools implements EngineTools {
  readonly type = 'tbpf';
  readonly tiers: readonly EngineTier[] = ['reference'];

  inspect(code: Uint8Array): InspectionReport {
    return inspectElf(code, defaultTbpfConfig, tosSyscallTable);
  }

  /**
   * Text of an ELF file's code, or of raw instruction slots (`text`, with a version), in a form that `assemble` takes back to the
   * same bytes. @throws VmError CODE_INVALID when an ELF file does not load; ASSEMBLY_INVALID without a version for raw slots.
   */
  disassemble(code: Uint8Array, kind: CodeKind, options: AssemblyOptions = {}): string {
    const loaded =
      kind === 'text'
        ? loadRawText(code, versionOf(options.version), tosSyscallTable, defaultTbpfConfig)
        : loadElf(code, tosSyscallTable, defaultTbpfConfig);
    if (!loaded.ok) throw tbpfError(loaded.error, `the ELF file is refused: ${loaded.error.detail}.`);
    return disassemble(loaded.executable, { syscalls: tosSyscallTable, roundTrip: true });
  }

  assemble(source: string, options: AssemblyOptions = {}): Uint8Array {
    const config = configFor(versionOf(options.version));
    const outcome = assemble(source, { config, syscalls: tosSyscallTable });
    if (!outcome.ok) throw new VmError('ASSEMBLY_INVALID', `${outcome.message}.`);
    return outcome.text;
  }

  runVector(vector: VectorCase, tier: EngineTier): VectorObservation {
    if (tier !== 'reference') {
      throw new VmError('UNSUPPORTED', `engine tbpf has no tier "${tier}"; tiers: ${this.tiers.join(', ')}.`);
    }
    return runTbpfVector(vector);
  }
}

function versionOf(name: string | undefined): TbpfVersion {
  const match = /^v(\d)$/.exec(name ?? '');
  const version = Number(match?.[1] ?? -1);
  if (isTbpfVersion(version)) return version;
  throw new VmError(
    'ASSEMBLY_INVALID',
    name === undefined
      ? 'raw TBPF code does not say its version.'
      : `"${name}" is not a TBPF version; expected v0 to v4.`,
    { hint: 'Give the version: v0, v1, v2, v3 or v4.' },
  );
}

function configFor(version: TbpfVersion): TbpfConfig {
  return { ...defaultTbpfConfig, enabledVersions: [version, version] };
}

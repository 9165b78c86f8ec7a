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
import { AssemblyFailure } from './assembler/assembly-failure.ts';
import { toLenientElf } from './assembler/lenient-elf.ts';
import { toStrictElf } from './assembler/strict-elf.ts';
import { codeError } from './code-errors.ts';
import { defaultTbpfConfig, type TbpfConfig } from './config.ts';
import { disassemble } from './disassembler/disassemble.ts';
import { inspectElf } from './inspect.ts';
import { featuresOf, isTbpfVersion, type TbpfVersion } from './isa/version.ts';
import { type EntryTable, findEntries } from './loader/entries.ts';
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
   * same bytes. @throws VmError CODE_INVALID when the code does not load; ASSEMBLY_INVALID without a version for raw slots.
   */
  disassemble(code: Uint8Array, kind: CodeKind, options: AssemblyOptions = {}): string {
    const loaded = isRawText(kind)
      ? loadRawText(code, versionOf(options.version), tosSyscallTable, defaultTbpfConfig)
      : loadElf(code, tosSyscallTable, defaultTbpfConfig);
    if (!loaded.ok) throw codeError(loaded.error, tosSyscallTable);
    const { executable } = loaded;
    // Where a call is relative, an entry's own name can stand at its start.
    const hasNames = kind === 'elf' && featuresOf(executable.version).staticSyscalls;
    const names = hasNames ? entryNames(findEntries(code, executable)) : undefined;
    return disassemble(executable, { syscalls: tosSyscallTable, roundTrip: true, ...(names && { names }) });
  }

  /**
   * An ELF file, by default of version v3, or raw instruction slots (`kind` text, with a version).
   * @throws VmError ASSEMBLY_INVALID; UNSUPPORTED for another kind.
   */
  assemble(source: string, options: AssemblyOptions = {}): Uint8Array {
    const asText = isRawText(options.kind ?? 'elf');
    const version = versionOf(options.version ?? (asText ? undefined : DEFAULT_VERSION));
    const outcome = assemble(source, { config: configFor(version), syscalls: tosSyscallTable });
    if (!outcome.ok) throw assemblyError(outcome.message);
    if (asText) return outcome.text;
    try {
      return featuresOf(version).strictElf ? toStrictElf(outcome) : toLenientElf(outcome, tosSyscallTable);
    } catch (failure) {
      if (!(failure instanceof AssemblyFailure)) throw failure;
      throw assemblyError(failure.message, 'Raw instruction slots can be assembled with --kind text.');
    }
  }

  runVector(vector: VectorCase, tier: EngineTier): VectorObservation {
    if (tier !== 'reference') {
      throw new VmError('UNSUPPORTED', `engine tbpf has no tier "${tier}"; tiers: ${this.tiers.join(', ')}.`);
    }
    return runTbpfVector(vector);
  }
}

const DEFAULT_VERSION = 'v3';

/** True for raw slots, false for an ELF file. @throws VmError UNSUPPORTED for anything else. */
function isRawText(kind: CodeKind): boolean {
  if (kind === 'elf' || kind === 'text') return kind === 'text';
  throw new VmError('UNSUPPORTED', `engine tbpf has no code of kind "${kind}"; kinds: elf, text.`);
}

function assemblyError(message: string, hint?: string): VmError {
  return new VmError('ASSEMBLY_INVALID', `${message}.`, hint === undefined ? {} : { hint });
}

/** The name of every slot at which something can be called. */
function entryNames({
  default: entryPc,
  entries,
  hooks,
  functions,
}: EntryTable): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [name, pc] of functions) names.set(pc, name);
  for (const [id, pc] of hooks) names.set(pc, `hook_${id}`);
  for (const [id, pc] of entries) names.set(pc, `entry_${id}`);
  return names.set(entryPc, 'entrypoint');
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

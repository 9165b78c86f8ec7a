import {
  type AssemblyOptions,
  type Benchmark,
  type CodeKind,
  type EngineTier,
  type EngineTools,
  type InspectionReport,
  type SourceMap,
  type VectorCase,
  type VectorObservation,
  VmError,
} from '@switchyard/core';
import { assemble } from './assembler/assemble.ts';
import { AssemblyFailure } from './assembler/assembly-failure.ts';
import { declaredVersion } from './assembler/directives.ts';
import { toLenientElf } from './assembler/lenient-elf.ts';
import { toStrictElf } from './assembler/strict-elf.ts';
import { tbpfCalls } from './call-codec.ts';
import { codeError } from './code-errors.ts';
import { defaultTbpfConfig, type TbpfConfig } from './config.ts';
import { sourceMapOf } from './debug/source-map.ts';
import { disassemble } from './disassembler/disassemble.ts';
import { inspectElf } from './inspect.ts';
import { featuresOf, isTbpfVersion, type TbpfVersion } from './isa/version.ts';
import { type EntryTable, readSymbols } from './loader/entries.ts';
import { loadElf } from './loader/load.ts';
import { loadRawText } from './loader/raw-text.ts';
import type { SyscallKeys } from './loader/syscall-keys.ts';
import { tosSyscallTable } from './syscalls/index.ts';
import { runTbpfVector } from './vectors/run-vector.ts';
import { type VectorProfile, VectorSession } from './vectors/vector-session.ts';

/** Inspector, disassembler, assembler and vector runner of the TBPF engine. */
export class TbpfTools implements EngineTools {
  readonly type = 'tbpf';
  readonly tiers: readonly EngineTier[] = ['reference', 'interpreter', 'compiled'];
  readonly calls = tbpfCalls;

  inspect(code: Uint8Array): InspectionReport {
    return inspectElf(code, defaultTbpfConfig, tosSyscallTable);
  }

  sourceMap(code: Uint8Array): SourceMap {
    return sourceMapOf(code, tosSyscallTable);
  }

  /**
   * Text of an ELF file, or of raw instruction slots (`text`, with a version), that `assemble` takes back. Of an ELF file the text says
   * all that a run sees: version, slots as loaded, their place, read-only data, entries and exported names; sections, symbol sizes,
   * static names and relocations are not kept. Assembled with kind `text` either gives the loaded slots.
   * @throws VmError CODE_INVALID when the code does not load; ASSEMBLY_INVALID without a version for raw slots.
   */
  disassemble(code: Uint8Array, kind: CodeKind, options: AssemblyOptions = {}): string {
    if (isRawText(kind)) {
      const version = versionOf(options.version);
      const raw = loadRawText(code, version, tosSyscallTable, defaultTbpfConfig);
      if (!raw.ok) throw codeError(raw.error, tosSyscallTable);
      return disassemble(raw.executable, { syscalls: tosSyscallTable, roundTrip: true });
    }
    const loaded = loadElf(code, tosSyscallTable, defaultTbpfConfig);
    if (!loaded.ok) throw codeError(loaded.error, tosSyscallTable, code);
    const { executable } = loaded;
    const { entries, wanted } = readSymbols(code, executable);
    return disassemble(
      { ...executable, entryPc: entries.default },
      {
        syscalls: withNames(tosSyscallTable, wanted),
        roundTrip: true,
        names: entryNames(entries),
        file: { ...executable, globals: [...entries.functions.keys()].filter(isLabel).sort() },
      },
    );
  }

  /**
   * An ELF file, or raw instruction slots (`kind` text). The version is the one of the source's `.version`, else of the options, else,
   * for an ELF file, v3.
   * @throws VmError ASSEMBLY_INVALID, also when the options contradict `.version`; UNSUPPORTED for another kind.
   */
  assemble(source: string, options: AssemblyOptions = {}): Uint8Array {
    const asText = isRawText(options.kind ?? 'elf');
    const asked = options.version ?? declaredVersion(source);
    const version = versionOf(asked ?? (asText ? undefined : DEFAULT_VERSION));
    const outcome = assemble(source, { config: configFor(version), syscalls: tosSyscallTable });
    if (!outcome.ok) throw assemblyError(withLine(outcome));
    if (asText) return outcome.text;
    try {
      return featuresOf(version).strictElf ? toStrictElf(outcome) : toLenientElf(outcome, tosSyscallTable);
    } catch (failure) {
      if (!(failure instanceof AssemblyFailure)) throw failure;
      throw assemblyError(failure.message, 'Raw instruction slots can be assembled with --kind text.');
    }
  }

  runVector(vector: VectorCase, tier: EngineTier): VectorObservation {
    if (!this.tiers.includes(tier)) {
      throw new VmError('UNSUPPORTED', `engine tbpf has no tier "${tier}"; tiers: ${this.tiers.join(', ')}.`);
    }
    return runTbpfVector(vector, tier);
  }

  /** Loaded when asked for: nobody else needs the programs. */
  async benchmarks(): Promise<readonly Benchmark[]> {
    const { tbpfBenchmarks } = await import('./bench/benchmarks.ts');
    return tbpfBenchmarks(this);
  }

  /**
   * Runs vectors one after another as `runVector` does; those that differ in nothing but input and limit run the same loaded program,
   * as the calls of a contract do. With a profile, compiled code is made with what the interpreter has seen, or with arbitrary predictions.
   */
  vectorSession(
    tier: EngineTier,
    profile: VectorProfile = 'none',
  ): (vector: VectorCase) => VectorObservation {
    const session = new VectorSession(tier, profile);
    return (vector) => session.run(vector);
  }
}

const DEFAULT_VERSION = 'v3';

/** True for raw slots, false for an ELF file. @throws VmError UNSUPPORTED for anything else. */
function isRawText(kind: CodeKind): boolean {
  if (kind === 'elf' || kind === 'text') return kind === 'text';
  throw new VmError('UNSUPPORTED', `engine tbpf has no code of kind "${kind}"; kinds: elf, text.`);
}

function withLine({ message, line }: { readonly message: string; readonly line?: number }): string {
  return line === undefined ? message : `line ${line}: ${message}`;
}

function assemblyError(message: string, hint?: string): VmError {
  return new VmError('ASSEMBLY_INVALID', `${message}.`, hint === undefined ? {} : { hint });
}

/** The names of every slot at which something can be called, entries first. */
function entryNames({
  default: entryPc,
  entries,
  hooks,
  functions,
}: EntryTable): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>([[entryPc, ['entrypoint']]]);
  const add = (pc: number, name: string) => {
    const known = names.get(pc);
    if (known === undefined) names.set(pc, [name]);
    else known.push(name);
  };
  for (const [id, pc] of entries) add(pc, `entry_${id}`);
  for (const [id, pc] of hooks) add(pc, `hook_${id}`);
  for (const [name, pc] of functions) add(pc, name);
  return names;
}

/** Whether the grammar takes a name as a label. */
function isLabel(name: string): boolean {
  return /^\w+$/.test(name);
}

/** Syscalls, and names of what the contract wants though this host does not have it. */
function withNames(syscalls: SyscallKeys, wanted: ReadonlyMap<number, string>): SyscallKeys {
  return { has: (key) => syscalls.has(key), name: (key) => syscalls.name(key) ?? wanted.get(key) };
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

import {
  type AssemblyOptions,
  type CodeKind,
  codeHash,
  type EngineTier,
  type EngineTools,
  type InspectedSection,
  type InspectedSymbol,
  type InspectionReport,
  type SourceMap,
  type VectorCase,
  type VectorObservation,
  VmError,
} from '@switchyard/core';
import { assemble } from './assembler/assemble.ts';
import { countInstructions, disassemble, nativesUsed } from './assembler/disassemble.ts';
import { legacyCalls } from './call-codec.ts';
import { decodeModuleJson } from './json/module-json.ts';
import type { LegacyModule } from './module/legacy-module.ts';
import { validateModule } from './module/validator.ts';
import { NODE_HOOKS, nodeNatives } from './natives/table.ts';
import { runLegacyVector } from './vectors/run-vector.ts';
import { encodeModule } from './wire/encode-module.ts';
import { type DecodedModule, decodeModule } from './wire/module-wire.ts';

/** Inspector, disassembler, assembler and vector runner of the legacy engine. */
export class LegacyTools implements EngineTools {
  readonly type = 'legacy';
  readonly tiers: readonly EngineTier[] = ['reference', 'interpreter'];
  readonly calls = legacyCalls;

  inspect(code: Uint8Array): InspectionReport {
    const decoded = decodeAny(code);
    const common = { engine: 'legacy', size: code.length, codeHash: codeHash(code) };
    if (!decoded.ok) {
      return {
        ...common,
        format: 'not a legacy module',
        instructions: 0,
        sections: [],
        symbols: [],
        entries: [],
        hooks: [],
        syscalls: [],
        valid: false,
        verdict: decoded.name,
      };
    }
    const { module } = decoded;
    const refused = validateModule(module, { hookCount: NODE_HOOKS, nativeCount: nodeNatives.length });
    const isWhole = decoded.consumed === code.length;
    return {
      ...common,
      format: isJson(code) ? 'legacy module, JSON form' : 'legacy module',
      instructions: countInstructions(module),
      sections: sectionsOf(module),
      symbols: symbolsOf(module),
      entries: [...module.entries].sort((a, b) => a - b),
      hooks: [...module.hooks.keys()].sort((a, b) => a - b),
      syscalls: nativesUsed(module, nodeNatives),
      valid: refused === undefined && isWhole,
      verdict: refused?.detail ?? (isWhole ? null : `bytes after the module, from ${decoded.consumed}`),
    };
  }

  /** Chunks by name; a module has no lines. */
  sourceMap(code: Uint8Array): SourceMap {
    const decoded = decodeAny(code);
    return {
      functionAt: decoded.ok ? chunkNames(decoded.module) : () => undefined,
      locate: () => undefined,
    };
  }

  /** Text of a module, in wire form or JSON, that `assemble` takes back to the same module. @throws VmError CODE_INVALID. */
  disassemble(code: Uint8Array, kind: CodeKind, _options: AssemblyOptions = {}): string {
    const decoded = kind === 'module-json' ? decodeModuleJson(code) : decodeAny(code);
    if (!decoded.ok) {
      throw new VmError('CODE_INVALID', `not a legacy module: ${decoded.detail}.`, {
        native: { name: decoded.name, detail: decoded.name },
      });
    }
    return disassemble(decoded.module, nodeNatives);
  }

  /** The wire form of a module in assembler text. @throws VmError ASSEMBLY_INVALID naming the line; UNSUPPORTED for another kind. */
  assemble(source: string, { kind = 'module', version }: AssemblyOptions = {}): Uint8Array {
    if (kind !== 'module')
      throw unsupported(`engine legacy assembles no code of kind "${kind}"; kinds: module.`);
    if (version !== undefined)
      throw unsupported(`engine legacy has one instruction set, and no version "${version}".`);
    const outcome = assemble(source, nodeNatives);
    if (!outcome.ok) throw new VmError('ASSEMBLY_INVALID', `${outcome.message}.`);
    return encodeModule(outcome.module);
  }

  runVector(vector: VectorCase, tier: EngineTier): VectorObservation {
    if (!this.tiers.includes(tier)) {
      throw new VmError(
        'UNSUPPORTED',
        `engine legacy has no tier "${tier}"; tiers: ${this.tiers.join(', ')}.`,
      );
    }
    return runLegacyVector(vector, tier);
  }
}

function unsupported(message: string): VmError {
  return new VmError('UNSUPPORTED', message, { hint: 'Leave the option out.' });
}

/** JSON when the first character that is no space is `{`, else wire form (spec §2.4). */
function decodeAny(code: Uint8Array): DecodedModule {
  return isJson(code) ? decodeModuleJson(code) : decodeModule(code);
}

function isJson(code: Uint8Array): boolean {
  const first = code.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x7b;
}

function sectionsOf(module: LegacyModule): readonly InspectedSection[] {
  let address = 0;
  return module.chunks.map((chunk, id) => {
    const section = {
      name: `chunk_${id}`,
      address: BigInt(address),
      offset: address,
      size: chunk.length,
      access: module.entries.has(id)
        ? 'entry'
        : [...module.hooks.values()].includes(id)
          ? 'hook'
          : 'internal',
    };
    address += chunk.length + 1;
    return section;
  });
}

/** Entries, hooks and the other chunks; positions are chunk ids. */
function symbolsOf(module: LegacyModule): readonly InspectedSymbol[] {
  const symbols: InspectedSymbol[] = [];
  const named = new Set<number>();
  const add = (name: string, kind: InspectedSymbol['kind'], position: number): void => {
    symbols.push({ name, kind, position });
    named.add(position);
  };
  for (const id of module.entries) add(`entry_${id}`, 'entry', id);
  for (const [hook, chunk] of module.hooks) add(`hook_${hook}`, 'hook', chunk);
  for (const id of module.chunks.keys()) if (!named.has(id)) add(`chunk_${id}`, 'function', id);
  return symbols.sort((a, b) => a.position - b.position);
}

/** The name of the chunk that a position of a run belongs to: positions count all chunks with their ends. */
function chunkNames(module: LegacyModule): (pc: number) => string | undefined {
  const sections = sectionsOf(module);
  const names = new Map<number, string>();
  for (const { name, kind, position } of symbolsOf(module)) {
    if (!names.has(position) || kind === 'hook') names.set(position, name);
  }
  return (pc) => {
    let low = 0;
    let high = sections.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Number(sections[middle]!.address) <= pc) low = middle + 1;
      else high = middle;
    }
    return names.get(low - 1);
  };
}

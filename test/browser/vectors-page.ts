import { hexToBytes, type JsonValue, type VectorCase } from '@switchyard/core';
import { TbpfTools } from '@switchyard/tbpf';
import { compareVector } from '../../packages/cli/src/vectors/compare.ts';

/** A vector that a page has run. */
export interface PageResult {
  readonly id: string;
  readonly tier: string;
  readonly pass: boolean | null;
  /** Fields that differ from what the vector expects. */
  readonly diff: readonly string[];
}

/** Vectors that a page has run. */
export interface PageRun {
  readonly results: readonly PageResult[];
  /** WebAssembly modules that the page has made meanwhile: the interpreter's, and one for each compiled program. */
  readonly modules: number;
}

interface Constructors {
  readonly WebAssembly: { Module: new (bytes: Uint8Array) => object };
}

/** Runs vectors, given as the JSON texts of their lines, on every tier of the TBPF engine. */
export function runVectors(lines: readonly string[]): PageRun {
  const tools = new TbpfTools();
  const { WebAssembly: api } = globalThis as unknown as Constructors;
  const { Module } = api;
  let modules = 0;
  api.Module = new Proxy(Module, {
    construct(target, [bytes]: [Uint8Array]) {
      modules++;
      return new target(bytes);
    },
  });
  const results = lines.flatMap((line) => {
    const vector = vectorOf(JSON.parse(line) as Readonly<Record<string, JsonValue>>);
    return tools.tiers.map((tier) => {
      const { pass, diff } = compareVector(vector.expect, tools.runVector(vector, tier));
      return { id: vector.id, tier, pass, diff };
    });
  });
  api.Module = Module;
  return { results, modules };
}

function vectorOf(fields: Readonly<Record<string, JsonValue>>): VectorCase {
  return {
    id: String(fields['id']),
    engine: 'tbpf',
    code: hexToBytes(String(fields['code']))!,
    codeKind: String(fields['codeKind']),
    gasLimit: BigInt(String(fields['gasLimit'])),
    fields,
    expect: fields['expect'] as VectorCase['expect'],
  };
}

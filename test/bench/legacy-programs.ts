import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  type Benchmark,
  createContext,
  createEngineServices,
  type EngineTier,
  hexToBytes,
  JournaledState,
  type JsonValue,
  MemoryBackend,
  type PreparedBenchmark,
  type VectorCase,
  type VectorObservation,
} from '@switchyard/core';
import { LegacyEngine, LegacyTools } from '@switchyard/legacy';
import { parse } from 'lossless-json';

const file = new URL('../../fixtures/bench/legacy/bench.jsonl', import.meta.url);
const TINY = 'bench-tiny';
const TINY_CALLS = 20_000;

function readVectors(): readonly VectorCase[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const fields = parse(line, null, exactNumber) as Record<string, JsonValue>;
      const expect = fields['expect'] as Record<string, JsonValue>;
      return {
        id: fields['id'] as string,
        engine: 'legacy',
        code: hexToBytes(fields['code'] as string)!,
        codeKind: fields['codeKind'] as string,
        gasLimit: BigInt(fields['gasLimit'] as string),
        fields,
        expect: { ...expect, instructions: fields['instructions']! },
      };
    });
}

function exactNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || /[.eE]/.test(text) ? number : BigInt(text);
}

/**
 * The programs of fixtures/bench/legacy on all tiers, load and verification included: against tens of millions of instructions they do
 * not show. And a call of a few instructions through the whole engine: context, journal and result included.
 */
export function legacyBenchmarks(): readonly Benchmark[] {
  const tools = new LegacyTools();
  const vectors = readVectors();
  const programs = vectors
    .filter(({ id }) => id !== TINY)
    .flatMap((vector) => tools.tiers.map((tier) => programBenchmark(tools, vector, tier)));
  return [...programs, tinyBenchmark(vectors.find(({ id }) => id === TINY)!.code)];
}

function programBenchmark(tools: LegacyTools, vector: VectorCase, tier: EngineTier): Benchmark {
  let native: VectorObservation['native'] = {};
  const prepare = (): PreparedBenchmark => ({
    units: Number(vector.expect['instructions']),
    run() {
      native = tools.runVector(vector, tier).native;
    },
    check() {
      for (const [field, wanted] of Object.entries(vector.expect)) {
        if (wanted === null || isDeepStrictEqual(native[field], wanted)) continue;
        throw new Error(`${vector.id}: ${field} differs from what the file says.`);
      }
    },
  });
  return { program: vector.id, tier, meter: 'on', metric: 'mips', prepare };
}

function tinyBenchmark(code: Uint8Array): Benchmark {
  const prepare = (): PreparedBenchmark => {
    const engine = new LegacyEngine({}, createEngineServices());
    const state = new JournaledState(new MemoryBackend());
    const context = createContext({ entry: { kind: 'entry', id: 0 } });
    return {
      units: TINY_CALLS,
      run() {
        for (let i = 0; i < TINY_CALLS; i++) engine.execute(code, context, state);
      },
    };
  };
  return { program: TINY, tier: 'interpreter', meter: 'on', metric: 'us-per-call', prepare };
}

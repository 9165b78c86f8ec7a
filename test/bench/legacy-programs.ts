import { readFileSync } from 'node:fs';
import {
  createContext,
  createEngineServices,
  hexToBytes,
  JournaledState,
  type JsonValue,
  MemoryBackend,
  type VectorCase,
} from '@switchyard/core';
import { LegacyEngine } from '@switchyard/legacy';
import { parse } from 'lossless-json';
import { type BenchResult, summarise } from './measure.ts';

const file = new URL('../../fixtures/bench/legacy/bench.jsonl', import.meta.url);
const TINY = 'bench-tiny';
const TINY_CALLS = 100_000;

/** The programs of fixtures/bench/legacy, with the instruction count among what is expected; without the tiny one. */
export function readLegacyPrograms(): readonly VectorCase[] {
  return readVectors().filter(({ id }) => id !== TINY);
}

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

/** Microseconds of a call of a few instructions through the whole engine: context, journal and result included. */
export function measureTinyCall(runs: number): BenchResult {
  const { code } = readVectors().find(({ id }) => id === TINY)!;
  const engine = new LegacyEngine({}, createEngineServices());
  const state = new JournaledState(new MemoryBackend());
  const context = createContext({ entry: { kind: 'entry', id: 0 } });
  const times = Array.from({ length: runs + 1 }, () => {
    const start = performance.now();
    for (let i = 0; i < TINY_CALLS; i++) engine.execute(code, context, state);
    return ((performance.now() - start) * 1000) / TINY_CALLS;
  }).slice(1);
  return summarise(TINY, 'interpreter', 'us-per-call', times);
}

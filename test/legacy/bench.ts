import { readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import {
  createContext,
  createEngineServices,
  hexToBytes,
  JournaledState,
  type JsonValue,
  MemoryBackend,
  type VectorCase,
} from '@switchyard/core';
import { LegacyEngine, LegacyTools } from '@switchyard/legacy';
import { parseJson } from '../../adapters/legacy/src/json/parse-json.ts';

/*
 * npx tsx test/legacy/bench.ts [--json FILE], after npm run build
 *
 * Million opcodes a second of the built engine over fixtures/bench/legacy, and microseconds per tiny call through the whole engine.
 * Every run's value, gas, memory and instruction count are compared with the file.
 */

const RUNS = 7;
const TINY_CALLS = 200_000;
/** What the native machine did on the same programs (issue 3). */
const NATIVE: Readonly<Record<string, number>> = {
  'bench-arith_loop': 46,
  'bench-fib_rec': 38,
  'bench-array_sort': 44,
  'bench-map_ledger': 28,
  'bench-string_build': 23,
  'bench-prime_sieve': 42,
};

function vectors(): VectorCase[] {
  const path = new URL('../../fixtures/bench/legacy/bench.jsonl', import.meta.url);
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const fields = parseJson(line) as Record<string, JsonValue>;
      return {
        id: fields['id'] as string,
        engine: 'legacy',
        code: hexToBytes(fields['code'] as string)!,
        codeKind: fields['codeKind'] as string,
        gasLimit: BigInt(fields['gasLimit'] as string),
        fields,
        expect: fields['expect'] as Record<string, JsonValue>,
      };
    });
}

const text = (value: JsonValue | undefined): string =>
  JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? each.toString() : each)) ?? '';

/** Milliseconds of one run. @throws Error when it does not end as the vector expects: a wrong answer makes no speed. */
function timeOf(tools: LegacyTools, vector: VectorCase): number {
  const start = performance.now();
  const { native } = tools.runVector(vector, 'interpreter');
  const milliseconds = performance.now() - start;
  const wanted = { ...vector.expect, instructions: vector.fields['instructions']! };
  for (const [field, value] of Object.entries(wanted)) {
    if (value !== null && text(native[field]) !== text(value))
      throw new Error(`${vector.id}: ${field} differs`);
  }
  return milliseconds;
}

function tinyCall(): number {
  const tiny = vectors().find(({ id }) => id === 'bench-tiny')!;
  const engine = new LegacyEngine({}, createEngineServices());
  const state = new JournaledState(new MemoryBackend());
  const context = createContext({ entry: { kind: 'entry', id: 0 } });
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    for (let i = 0; i < TINY_CALLS; i++) engine.execute(tiny.code, context, state);
    best = Math.min(best, ((performance.now() - start) * 1000) / TINY_CALLS);
  }
  return Math.round(best * 100) / 100;
}

const tools = new LegacyTools();
const results: object[] = [];
for (const vector of vectors()) {
  const native = NATIVE[vector.id];
  if (native === undefined) continue;
  const millions = Number(vector.fields['instructions']) / 1000;
  const speeds = Array.from({ length: RUNS + 1 }, () => millions / timeOf(tools, vector)).slice(1);
  speeds.sort((a, b) => a - b);
  const [min, median, max] = [speeds[0]!, speeds[RUNS >> 1]!, speeds[RUNS - 1]!].map(
    (each) => Math.round(each * 10) / 10,
  );
  results.push({ program: vector.id, metric: 'mops', median, min, max, native, runs: RUNS });
  console.log(`${vector.id.padEnd(20)} median ${median}  min ${min}  max ${max}  native ${native}`);
}
const microseconds = tinyCall();
results.push({ program: 'bench-tiny', metric: 'us', median: microseconds, native: 0.5, runs: RUNS });
console.log(`${'bench-tiny'.padEnd(20)} ${microseconds} µs a call through LegacyEngine.execute  native 0.5`);
const file = process.argv.indexOf('--json');
if (file > 0) {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: availableParallelism(),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
  };
  writeFileSync(
    process.argv[file + 1]!,
    `${JSON.stringify({ schemaVersion: 1, machine, results }, null, 2)}\n`,
  );
}

import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { hexToBytes, type JsonValue, type VectorCase } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { run } from '../interpreter/interpreter.ts';
import { heapSlot, inputSlot, stackSlot } from '../memory/memory-map.ts';
import { TbpfTools } from '../tools.ts';
import { prepareVector, referenceMachineOf, runTbpfVector } from './run-vector.ts';

const folder = new URL('../../../../fixtures/vectors/tbpf/', import.meta.url);
const { tiers } = new TbpfTools();
const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz'));

function vectorsOf(file: string): VectorCase[] {
  const lines = gunzipSync(readFileSync(new URL(file, folder)))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const fields = JSON.parse(line) as Record<string, JsonValue>;
    return {
      id: fields['id'] as string,
      engine: 'tbpf',
      code: hexToBytes(fields['code'] as string)!,
      codeKind: fields['codeKind'] as string,
      gasLimit: BigInt(fields['gasLimit'] as string),
      fields,
      expect: fields['expect'] as Record<string, JsonValue>,
    };
  });
}

describe("the reference machine's answers", () => {
  test('there are 7,047 vectors', () => {
    expect(files.map((file) => vectorsOf(file).length).reduce((sum, count) => sum + count, 0)).toBe(7047);
  });

  const runs = tiers.flatMap((tier) => files.map((file) => ({ tier, file })));
  for (const { tier, file } of runs) {
    test(`${tier} tier, ${file}: every field and error payload is equal`, () => {
      const differing: unknown[] = [];
      for (const vector of vectorsOf(file)) {
        const { native } = runTbpfVector(vector, tier);
        for (const [field, wanted] of Object.entries(vector.expect)) {
          if (wanted === null && field !== 'error') continue;
          if (JSON.stringify(native[field]) !== JSON.stringify(wanted)) {
            differing.push({ id: vector.id, field, wanted, found: native[field] });
          }
        }
      }
      expect(differing).toEqual([]);
    });
  }
});

describe('a run in small steps, as a trace makes it', () => {
  /** All that a run leaves. */
  const end = (vector: VectorCase, steps: number) => {
    const prepared = prepareVector(vector);
    if ('stage' in prepared) return prepared.detail;
    const { host } = prepared;
    const machine = referenceMachineOf(prepared);
    while (run(machine, steps) === 'paused');
    const { bytes } = machine.memory;
    return {
      fault: machine.fault?.detail,
      pc: machine.finalPc,
      used: machine.meter.used,
      instructions: machine.instructions,
      low: machine.low,
      high: machine.high,
      depth: machine.depth,
      memory: [stackSlot, heapSlot, inputSlot].map((slot) => Buffer.from(bytes[slot]!).toString('base64')),
      log: host.log,
    };
  };

  test.each([1, 7])('ends as a run in one go does, %i at a time, for every tenth vector', (steps) => {
    let compared = 0;
    for (const file of files) {
      for (const [index, vector] of vectorsOf(file).entries()) {
        if (index % 10 !== 0 || vector.gasLimit > 20_000n) continue;
        compared++;
        expect(end(vector, steps), vector.id).toEqual(end(vector, Number.MAX_SAFE_INTEGER));
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { hexToBytes, type JsonValue, type VectorCase } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { runTbpfVector } from './run-vector.ts';

const folder = new URL('../../../../fixtures/vectors/tbpf/', import.meta.url);
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

  for (const file of files) {
    test(`${file}: every field and error payload is equal`, () => {
      const differing: unknown[] = [];
      for (const vector of vectorsOf(file)) {
        const { native } = runTbpfVector(vector);
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

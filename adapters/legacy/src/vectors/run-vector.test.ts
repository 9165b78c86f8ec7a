import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { hexToBytes, type JsonValue, type VectorCase } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../json/parse-json.ts';
import { runLegacyVector } from './run-vector.ts';

const folder = new URL('../../../../fixtures/vectors/legacy/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz'));

function vectorsOf(file: string): VectorCase[] {
  const lines = gunzipSync(readFileSync(new URL(file, folder)))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const fields = parseJson(line) as Record<string, JsonValue>;
    const code = fields['code'] as string;
    return {
      id: fields['id'] as string,
      engine: 'legacy',
      code: fields['codeKind'] === 'module' ? (hexToBytes(code) ?? new Uint8Array(0)) : Buffer.from(code),
      codeKind: fields['codeKind'] as string,
      gasLimit: BigInt(fields['gasLimit'] as string),
      fields,
      expect: fields['expect'] as Record<string, JsonValue>,
    };
  });
}

/** JSON text in which a bigint is told from a number. */
function textOf(value: JsonValue | undefined): string {
  return JSON.stringify(value, (_key, each) => (typeof each === 'bigint' ? `${each}n` : each)) ?? 'absent';
}

describe("the reference machine's answers", () => {
  test('there are 15,387 vectors', () => {
    expect(files.map((file) => vectorsOf(file).length).reduce((sum, count) => sum + count, 0)).toBe(15_387);
  });

  for (const file of files) {
    for (const tier of ['reference', 'interpreter'] as const) {
      test(`${file}, tier ${tier}: every field and error payload is equal`, () => {
        const differing: unknown[] = [];
        for (const vector of vectorsOf(file)) {
          const { native } = runLegacyVector(vector, tier);
          for (const [field, wanted] of Object.entries(vector.expect)) {
            if (wanted === null && field !== 'error') continue;
            if (textOf(native[field]) !== textOf(wanted)) {
              differing.push({ id: vector.id, field, wanted: textOf(wanted), found: textOf(native[field]) });
            }
          }
        }
        expect(differing).toEqual([]);
      });
    }
  }
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runVectors } from './run-vectors.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-vectors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = JSON.stringify({
  id: 'good',
  engine: 'tbpf',
  version: 'v0',
  codeKind: 'text',
  code: '9500000000000000',
  gasLimit: '1',
  expect: { status: 'ok' },
});

function fileOf(name: string, ...lines: string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

describe('running vectors', () => {
  test('gives one line for each, in order, over several files', async () => {
    const ids: string[] = [];
    const files = ['a', 'b'].map((name) =>
      fileOf(
        `${name}.jsonl`,
        ...Array.from({ length: 100 }, (_, index) => good.replace('good', `${name}${index}`)),
      ),
    );
    const summary = await runVectors(files, {
      jobs: 0,
      onResult: (line) => {
        ids.push((JSON.parse(line) as { id: string }).id);
      },
    });
    expect(summary).toMatchObject({ total: 200, passed: 200, failed: 0 });
    expect(ids).toEqual(
      [...Array(100).keys()].flatMap((i) => [`a${i}`]).concat([...Array(100).keys()].map((i) => `b${i}`)),
    );
  });

  test('a broken line in a later batch fails the run, and nothing else happens', async () => {
    const lines = Array.from({ length: 200 }, () => good);
    lines[150] = 'not json';
    lines[180] = 'not json either';
    await expect(runVectors([fileOf('broken.jsonl', ...lines)], { jobs: 0 })).rejects.toThrow(
      /broken\.jsonl:151: not JSON/,
    );
  });
});

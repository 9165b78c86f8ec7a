import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { MAX_LINE_BYTES, readLines } from './read-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function all(path: string, stdin?: Readable): Promise<[string, number][]> {
  const lines: [string, number][] = [];
  for await (const { text, number } of readLines(path, stdin)) lines.push([text, number]);
  return lines;
}

describe('lines of a vector file', () => {
  test('are numbered from 1, empty ones are passed over, the last needs no end', async () => {
    const file = join(folder, 'a.jsonl');
    writeFileSync(file, 'one\r\n\n  \nfour\nfünf');
    expect(await all(file)).toEqual([
      ['one', 1],
      ['four', 4],
      ['fünf', 5],
    ]);
  });

  test('come out of a compressed file alike', async () => {
    const file = join(folder, 'b.jsonl.gz');
    writeFileSync(file, gzipSync('one\ntwo\n'));
    expect(await all(file)).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
  });

  test('come out of standard input, wherever its chunks end', async () => {
    const chunks = [Buffer.from('on'), Buffer.from('e\ntw'), Buffer.from('o\n'), Buffer.from('three')];
    expect(await all('-', Readable.from(chunks))).toEqual([
      ['one', 1],
      ['two', 2],
      ['three', 3],
    ]);
  });

  test('longer than 16 MiB are refused before they fill the memory', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const endless = Readable.from(
      (function* () {
        for (;;) yield chunk;
      })(),
    );
    await expect(all('-', endless)).rejects.toMatchObject({
      code: 'VECTOR_INVALID',
      message: `-:1: the line is longer than ${MAX_LINE_BYTES} bytes.`,
    });
  });

  test('of a truncated compressed file end in VECTOR_INVALID', async () => {
    const file = join(folder, 'c.jsonl.gz');
    writeFileSync(file, gzipSync('one\ntwo\n').subarray(0, 15));
    await expect(all(file)).rejects.toMatchObject({ code: 'VECTOR_INVALID' });
  });
});

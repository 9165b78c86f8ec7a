import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkWritable } from './write-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-output-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('asking whether a file can be written leaves what it holds, and makes none', () => {
  const [old, absent] = [join(folder, 'old.json'), join(folder, 'new.json')];
  writeFileSync(old, 'kept');
  checkWritable(old);
  checkWritable(absent);
  expect(readFileSync(old, 'utf8')).toBe('kept');
  expect(existsSync(absent)).toBe(false);
});

test.each(['', 'nowhere/x.json'])('a path in the folder that cannot be written, "%s", is refused', (name) => {
  expect(() => checkWritable(join(folder, name))).toThrow(
    expect.objectContaining({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('cannot be written'),
    }),
  );
});

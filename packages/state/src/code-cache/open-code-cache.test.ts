import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmError } from '@switchyard/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeEntry, encodeEntry, entryName } from './entry-file.ts';
import { type CodeCache, openCodeCache } from './open-code-cache.ts';

let folder: string;
let directory: string;
let cache: CodeCache;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-code-cache-'));
  directory = join(folder, 'made', 'cache');
  cache = openCodeCache({ directory });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (length: number, value = 7): Uint8Array => new Uint8Array(length).fill(value);
const fileOf = (key: string): string => join(directory, entryName(key));
const errorOf = (path: string): VmError => {
  try {
    openCodeCache({ directory: path });
  } catch (thrown) {
    if (thrown instanceof VmError) return thrown;
    throw thrown;
  }
  throw new Error('it was opened');
};

describe('a cache of compiled code', () => {
  test('gives back what was put, in this process and the next', () => {
    cache.put('one', bytes(10_000));
    cache.put('empty', bytes(0));
    expect(cache.get('one')).toEqual(bytes(10_000));
    const next = openCodeCache({ directory });
    expect(next.get('one')).toEqual(bytes(10_000));
    expect(next.get('empty')).toEqual(bytes(0));
    expect(next.get('two')).toBeUndefined();
  });

  test('keeps the last bytes of a key, in one file', () => {
    cache.put('one', bytes(10));
    cache.put('one', bytes(20));
    expect(cache.get('one')).toEqual(bytes(20));
    expect(readdirSync(directory)).toEqual([entryName('one')]);
    expect(cache.usage()).toEqual({ entries: 1, bytes: 4096 });
  });

  test('makes directory and files for this user alone, and nothing before the first put', () => {
    expect(cache.get('one')).toBeUndefined();
    expect(cache.usage()).toEqual({ entries: 0, bytes: 0 });
    expect(existsSync(directory)).toBe(false);
    cache.put('one', bytes(1));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(fileOf('one')).mode & 0o777).toBe(0o600);
  });
});

describe('a file that is not what was put', () => {
  const whole = encodeEntry('one', bytes(100));

  test('is told by every single byte', () => {
    expect(decodeEntry('one', whole)).toEqual(bytes(100));
    for (let at = 0; at < whole.length; at++) {
      const damaged = whole.slice();
      damaged[at]! ^= 0x10;
      expect(decodeEntry('one', damaged), `byte ${at}`).toBeUndefined();
    }
  });

  test('is told by every length', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(decodeEntry('one', whole.subarray(0, length)), `${length} bytes`).toBeUndefined();
    }
    expect(decodeEntry('one', Uint8Array.of(...whole, 0))).toBeUndefined();
  });

  test.each([
    ['damaged', (file: string) => writeFileSync(file, whole.with(60, 0))],
    ['cut', (file: string) => writeFileSync(file, whole.subarray(0, 50))],
    ['empty', (file: string) => writeFileSync(file, '')],
    ['of another program', (file: string) => writeFileSync(file, 'something else entirely'.repeat(10))],
    ['of another key', (file: string) => writeFileSync(file, encodeEntry('two', bytes(100)))],
    ['above the bound', (file: string) => writeFileSync(file, encodeEntry('one', bytes(200_000)))],
    ['writable by others', (file: string) => chmodSync(file, 0o666)],
  ])('is absent and removed: %s', (_, spoil) => {
    const small = openCodeCache({ directory, maxBytes: 100_000 });
    small.put('one', bytes(100));
    spoil(fileOf('one'));
    expect(small.get('one')).toBeUndefined();
    expect(existsSync(fileOf('one'))).toBe(false);
    small.put('one', bytes(100));
    expect(small.get('one')).toEqual(bytes(100));
  });

  test('is absent when it is a directory or a link, whose target is left alone', () => {
    mkdirSync(fileOf('directory'), { recursive: true });
    expect(cache.get('directory')).toBeUndefined();
    cache.put('directory', bytes(1));
    expect(cache.get('directory')).toBeUndefined();
    const target = join(folder, 'target');
    writeFileSync(target, encodeEntry('link', bytes(1)), { mode: 0o600 });
    symlinkSync(target, fileOf('link'));
    expect(cache.get('link')).toBeUndefined();
    cache.put('link', bytes(2));
    expect(cache.get('link')).toEqual(bytes(2));
    expect(decodeEntry('link', readFileSync(target))).toHaveLength(1);
  });
});

describe('a bounded cache', () => {
  /** When a file was last used, in minutes ago. */
  const age = (key: string, minutes: number): void => {
    const seconds = Date.now() / 1000 - minutes * 60;
    utimesSync(fileOf(key), seconds, seconds);
  };
  const kept = (): string[] => ['a', 'b', 'c', 'd', 'e'].filter((key) => existsSync(fileOf(key)));

  test('gives up the files that were not used for the longest, and goes an eighth below its bound', () => {
    const small = openCodeCache({ directory, maxBytes: 4 * 8192 });
    for (const key of ['a', 'b', 'c', 'd']) small.put(key, bytes(8000));
    expect(kept()).toEqual(['a', 'b', 'c', 'd']);
    age('a', 40);
    age('b', 30);
    age('c', 20);
    age('d', 10);
    expect(small.get('a')).toEqual(bytes(8000));
    small.put('e', bytes(8000));
    expect(kept()).toEqual(['a', 'd', 'e']);
    expect(small.usage()).toEqual({ entries: 3, bytes: 3 * 8192 });
  });

  test('counts what other processes have written', () => {
    const [one, other] = [1, 2].map(() => openCodeCache({ directory, maxBytes: 16 * 8192 })) as [
      CodeCache,
      CodeCache,
    ];
    for (let i = 0; i < 100; i++) (i % 2 === 0 ? one : other).put(`key ${i}`, bytes(8000));
    expect(one.usage().bytes).toBeLessThanOrEqual(17 * 8192);
  });

  test('does not take what is larger than all of it', () => {
    const small = openCodeCache({ directory, maxBytes: 8192 });
    small.put('a', bytes(8000));
    small.put('b', bytes(8193));
    expect(kept()).toEqual(['a']);
  });

  test('removes what killed processes left behind, after an hour, and no file that is not its own', () => {
    cache.put('a', bytes(1));
    const [fresh, old] = [1, 2].map((digit) =>
      join(directory, `${entryName('a')}.${`${digit}`.repeat(16)}.tmp`),
    ) as [string, string];
    for (const file of [fresh, old, join(directory, 'notes')]) writeFileSync(file, 'x');
    const twoHoursAgo = Date.now() / 1000 - 7200;
    for (const file of [old, join(directory, 'notes')]) utimesSync(file, twoHoursAgo, twoHoursAgo);
    openCodeCache({ directory }).put('b', bytes(1));
    expect([fresh, old, join(directory, 'notes')].map((file) => existsSync(file))).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('a directory that cannot be used', () => {
  test('is refused when others may write to it, with what to do', () => {
    for (const mode of [0o777, 0o770, 0o702]) {
      mkdirSync(directory, { recursive: true });
      chmodSync(directory, mode);
      const error = errorOf(directory);
      expect(error.code).toBe('CACHE_UNAVAILABLE');
      expect(error.message).toBe(
        `the cache of compiled code cannot be used: ${directory}: other users may write to it, and so change what contracts do.`,
      );
      expect(error.hint).toBe(`Take the right from them: chmod go-w ${directory}.`);
    }
  });

  test.skipIf(process.geteuid?.() !== 0)('is refused when it belongs to another user', () => {
    mkdirSync(directory, { recursive: true });
    chownSync(directory, 65_534, 65_534);
    expect(errorOf(directory).message).toMatch(/belongs to another user/);
  });

  test.skipIf(process.geteuid?.() === 0)('is refused when this user may not read it, or not make it', () => {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o000);
    expect(errorOf(directory).message).toMatch(/this user may not open it/);
    chmodSync(directory, 0o500);
    expect(errorOf(join(directory, 'below')).message).toMatch(/this user may not open it/);
  });

  test('is refused when a file is in the way, there or above', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const path of ['file', 'file/cache', 'file/deep/cache']) {
      expect(errorOf(join(folder, path)).message).toMatch(/a file is in the way/);
    }
  });

  test('is a miss once it is open: nothing is thrown in the middle of a run', () => {
    cache.put('one', bytes(1));
    renameSync(directory, `${directory}.gone`);
    writeFileSync(directory, 'a file');
    cache.put('two', bytes(1));
    expect(cache.get('one')).toBeUndefined();
    expect(cache.get('two')).toBeUndefined();
  });
});

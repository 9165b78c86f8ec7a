import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readElf } from '../linker/elf-reader.fixture.ts';
import { build } from './build.ts';
import { hasClang } from './has-clang.fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-debug-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const source = `
#include <tos/entrypoint.h>
#include <tos/log.h>
#include <stddef.h>
#include "own.h"
TOS_ENTRY(0) {
  int64_t signed_length = (int64_t)len;
  tos_logf("%d %s", signed_length / -3, __FILE__);
  return own_size(input) != 0;
}`;

/** Builds the source in a folder of its own below the test's, with an include folder elsewhere. */
function buildIn(name: string, debugInfo: boolean): Uint8Array {
  const here = join(folder, name);
  const headers = join(folder, `${name}-headers`);
  mkdirSync(here);
  mkdirSync(headers);
  writeFileSync(join(here, 'a.c'), source);
  writeFileSync(
    join(headers, 'own.h'),
    'static inline size_t own_size(const uint8_t *input) { return input == NULL ? 1 : 0; }\n',
  );
  return build({ sources: [join(here, 'a.c')], includePaths: [headers], debugInfo }).elf;
}

test.runIf(hasClang)(
  'a file with debug information is the same wherever it is built, and names no folder of the machine',
  () => {
    const first = buildIn('first', true);
    expect(buildIn('a-second-folder', true)).toEqual(first);
    const text = Buffer.from(first).toString('latin1');
    expect(text).toContain('a.c\0');
    expect(text).toContain('own.h\0');
    for (const absolute of [folder, tmpdir(), '/usr/', process.cwd()]) expect(text).not.toContain(absolute);
  },
);

test.runIf(hasClang)(
  'the code that runs is the same with and without it, also where signed divisions are rewritten',
  () => {
    const [debug, plain] = [buildIn('debug', true), buildIn('plain', false)];
    const loaded = (elf: Uint8Array) =>
      readElf(elf)
        .sections.filter(({ flags }) => (flags & 2) !== 0)
        .map(({ name, address, offset, size }) => [name, address, elf.subarray(offset, offset + size)]);
    expect(loaded(debug)).toEqual(loaded(plain));
  },
);

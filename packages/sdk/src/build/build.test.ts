import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmError } from '@switchyard/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contractFile, contractNames, contractPath } from '../contract-files.fixture.ts';
import { build } from './build.ts';
import { findClang } from './clang.ts';
import { includePath } from './include-path.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The error that a function throws. */
function failure(run: () => unknown): VmError {
  try {
    run();
  } catch (error) {
    if (error instanceof VmError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A program in the test's folder that takes clang's place. */
function fakeClang(script: string): string {
  const path = join(folder, 'clang');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('links objects without any compiler', () => {
  const { elf, warnings } = build({
    sources: [contractPath('counter/counter.o')],
    clangPath: '/nowhere/clang',
  });
  expect(elf).toEqual(contractFile('counter/counter.so'));
  expect(warnings).toEqual([]);
});

test('says how to install clang when it is missing', () => {
  const error = failure(() => findClang(undefined, { PATH: folder }));
  expect(error.code).toBe('TOOL_MISSING');
  expect(error.message).toBe('clang is needed to compile C, and is not on PATH.');
  expect(error.hint).toContain('apt-get install clang');
});

test('takes the given clang before CLANG before PATH, and refuses one that is not there', () => {
  const own = fakeClang('exit 0');
  expect(findClang(undefined, { PATH: folder })).toBe(own);
  expect(findClang(undefined, { PATH: '/nowhere', CLANG: own })).toBe(own);
  expect(findClang('clang', { PATH: folder, CLANG: '/nowhere/clang' })).toBe(own);
  expect(failure(() => findClang(undefined, { PATH: folder, CLANG: '/nowhere/clang' }))).toMatchObject({
    code: 'TOOL_MISSING',
    message: 'There is no program /nowhere/clang to compile C with.',
  });
});

test('tells a clang without the BPF target from a broken source', () => {
  const source = join(folder, 'a.c');
  writeFileSync(source, '');
  const clangPath = fakeClang(`echo "error: unable to create target: 'No available targets'" >&2; exit 1`);
  expect(failure(() => build({ sources: [source], clangPath })).code).toBe('TOOL_MISSING');
});

test('names a source that cannot be read, before it looks at any', () => {
  const sources = [join(folder, 'missing.c')];
  const clangPath = fakeClang('exit 0');
  expect(failure(() => build({ sources, clangPath }))).toMatchObject({
    code: 'FILE_UNREADABLE',
    details: { path: sources[0] },
  });
});

test('refuses what is neither a C source nor an object, by its name', () => {
  const error = failure(() => build({ sources: [contractPath('counter.so')] }));
  expect(error.code).toBe('USAGE_INVALID');
  expect(error.message).toBe(`${contractPath('counter.so')} is not a source: expected a .c or .o file.`);
  expect(error.hint).toContain('already built');
});

test('names the source when clang ends well without an object', () => {
  const source = join(folder, 'a.c');
  writeFileSync(source, '');
  const clangPath = fakeClang('exit 0');
  expect(failure(() => build({ sources: [source], clangPath }))).toMatchObject({
    code: 'COMPILE_FAILED',
    message: `${source} does not compile: ${clangPath} ended well, but wrote no object.`,
  });
});

test('names an include path that is no folder', () => {
  const missing = join(folder, 'include');
  const sources = [contractPath('counter/counter.o')];
  expect(failure(() => build({ sources, includePaths: [missing] }))).toMatchObject({
    code: 'FILE_UNREADABLE',
    message: `The include path ${missing} is not a folder.`,
  });
});

test('names an output that cannot be written', () => {
  const output = join(folder, 'missing', 'a.so');
  const sources = [contractPath('counter/counter.o')];
  expect(failure(() => build({ sources, output }))).toMatchObject({
    code: 'FILE_UNREADABLE',
    details: { path: output },
  });
});

/** Why the tests with a real compiler are skipped; undefined when they run. */
function clangProblem(): string | undefined {
  try {
    findClang(undefined);
    return undefined;
  } catch {
    return 'clang is not installed';
  }
}
const problem = clangProblem();

/** Why the committed files cannot be compared: only the same major version of clang gives the same bytes. */
function versionProblem(): string | undefined {
  if (problem !== undefined) return problem;
  const version = execFileSync(findClang(undefined), ['--version'], { encoding: 'utf8' }).split('\n')[0]!;
  return /version 14\./.test(version) ? undefined : `the files were built by clang 14, this is ${version}`;
}
const difference = versionProblem();

/** Names of the headers, without `.h`. */
const headers = readdirSync(join(includePath(), 'tos')).map((file) => file.replace(/\.h$/, ''));

describe.skipIf(difference !== undefined)(
  `with clang 14${difference === undefined ? '' : ` (skipped: ${difference})`}`,
  () => {
    test.each(contractNames)('rebuilds %s to the committed bytes, without a warning', (name) => {
      const { elf, objects, warnings } = build({ sources: [contractPath(`${name}/${name}.c`)] });
      expect(warnings).toEqual([]);
      expect(objects[0]!.bytes).toEqual(contractFile(`${name}/${name}.o`));
      expect(elf).toEqual(contractFile(`${name}/${name}.so`));
    });
  },
);

describe.skipIf(problem !== undefined)(
  `with clang${problem === undefined ? '' : ` (skipped: ${problem})`}`,
  () => {
    const source = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };

    test('gives the same bytes wherever the sources are', () => {
      const text =
        '#include <tos/entrypoint.h>\nconst char *file(void) { return __FILE__; }\nuint64_t entrypoint(const uint8_t *i, uint64_t n) { return (uint64_t)i + n; }\n';
      mkdirSync(join(folder, 'deep', 'er'), { recursive: true });
      const one = build({ sources: [source('same.c', text)] });
      const two = build({ sources: [source('deep/er/same.c', text)] });
      expect(one.elf).toEqual(two.elf);
    });

    test('compiles several sources, finds headers on include paths and writes the output', () => {
      mkdirSync(join(folder, 'include'));
      source('include/part.h', '#include <tos/types.h>\nTOS_INTERNAL uint64_t part(uint64_t x);\n');
      const main = source(
        'main.c',
        '#include <tos/entrypoint.h>\n#include "part.h"\nuint64_t entrypoint(const uint8_t *input, uint64_t len) { (void)input; return part(len); }\n',
      );
      const part = source('part.c', '#include "part.h"\nuint64_t part(uint64_t x) { return x * 3; }\n');
      const output = join(folder, 'main.so');
      const result = build({
        sources: [main, part],
        includePaths: [join(folder, 'include')],
        output,
        optimisation: 'z',
      });
      expect(result.objects.map(({ name }) => name)).toEqual(['main.o', 'part.o']);
      expect(new Uint8Array(readFileSync(output))).toEqual(result.elf);
      expect(result.warnings).toEqual([]);
    });

    const entry = (body: string) =>
      `#include <tos/log.h>\n#include <tos/entrypoint.h>\nuint64_t entrypoint(const uint8_t *input, uint64_t len) { ${body} }\n`;

    test.each([
      ['signed division', 'return (uint64_t)(-(int64_t)len / (int64_t)input[0]);', /convert to uint64_t/],
      [
        'too much stack',
        'char t[600]; tos_memset(t, 0, 600); return t[len] + input[0];',
        /512 bytes of stack/,
      ],
      ['an array of any size', 'char t[len]; tos_memset(t, 0, len); return t[input[0]];', /constant size/],
      ['floating point', 'double x = len; return (uint64_t)(x * input[0]);', /no floating-point/],
      ['128-bit numbers', 'return (uint64_t)((__int128)(long)input[0] * (long)len >> 64);', /no 128-bit/],
      [
        'a C library',
        'return len; }\n#include <string.h>\nvoid f(const char *input) { (void)input;',
        /include path/,
      ],
    ])('explains a refusal of the compiler: %s', (_, body, hint) => {
      const error = failure(() => build({ sources: [source('bad.c', entry(body))] }));
      expect(error.code).toBe('COMPILE_FAILED');
      expect(error.hint).toMatch(hint);
      expect(error.message).not.toContain('Stack dump');
    });

    test('passes on what clang says, with the place', () => {
      const path = source('bad.c', 'int x = ;\n');
      const error = failure(() => build({ sources: [path] }));
      expect(error.message).toContain(`${path} does not compile:`);
      expect(error.message).toContain('bad.c:1:9: error: expected expression');
    });

    test('refuses an undeclared function and the date of the build', () => {
      const undeclared = source('a.c', entry('(void)input; return tos_logg("x", len);'));
      expect(failure(() => build({ sources: [undeclared] })).message).toContain('tos_logg');
      const dated = source('b.c', entry('(void)input; tos_log_str(__DATE__); return len;'));
      expect(failure(() => build({ sources: [dated] })).hint).toMatch(/each build different/);
    });

    test('reports warnings of the compiler and of the linker', () => {
      const path = source(
        'warn.c',
        `extern unsigned long nothing(unsigned long x);\n${entry('int unused; (void)input; return nothing(len);')}`,
      );
      const { warnings } = build({ sources: [path] });
      expect(warnings[0]).toContain("unused variable 'unused'");
      expect(warnings[1]).toBe('undefined and not a known syscall: nothing; a call of it fails at run time');
    });

    test.each(headers)('tos/%s.h stands alone, with and without <stdint.h>', (header) => {
      const use =
        'uint64_t entrypoint(const uint8_t *input, uint64_t len);\nuint64_t entrypoint(const uint8_t *input, uint64_t len) { return (uint64_t)input + len; }\n';
      const include = `#include <tos/${header}.h>\n`;
      for (const text of [
        include + use,
        `#include <stdint.h>\n#include <stddef.h>\n${include}${include}${use}`,
      ]) {
        expect(build({ sources: [source('header.c', text)] }).warnings).toEqual([]);
      }
    });

    test('every syscall and helper of the headers compiles and links under its name', () => {
      const text = readFileSync(contractPath('../../packages/sdk/include/tos/syscalls.h'), 'utf8');
      const calls = [...text.matchAll(/^extern uint64_t (tos_\w+)\(([^)]*)\)/gm)].map((match) => {
        const types = match[2]!.trim() === 'void' ? [] : match[2]!.split(',').map((one) => one.trim());
        return `r += ${match[1]}(${types.map((type) => (type.includes('*') ? '(void *)input' : 'len')).join(', ')});`;
      });
      const path = source(
        'all.c',
        entry(`uint64_t r = 0; ${calls.join('\n')} tos_logf("%u %x %s %a", r, r, "x", input); return r;`),
      );
      const { warnings } = build({ sources: [path], strict: true });
      expect(calls.length).toBe(34);
      expect(warnings.join('\n')).not.toContain('error');
    });
  },
);

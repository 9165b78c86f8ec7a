import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmError } from '@switchyard/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contractFile, contractPath } from '../contract-files.fixture.ts';
import { buildArchive } from '../linker/archive-builder.fixture.ts';
import { build } from './build.ts';
import { findClang } from './find-clang.ts';
import { includePath } from './include-path.ts';
import { rebuild, rebuiltNames } from './rebuild.fixture.ts';

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

test('an output that is one of the sources is refused, and the source stays', () => {
  const path = join(folder, 'counter.o');
  const bytes = contractFile('counter/counter.o');
  writeFileSync(path, bytes);
  expect(failure(() => build({ sources: [path], output: join(folder, '.', 'counter.o') })).message).toBe(
    `the output ${path} is the source ${path}.`,
  );
  expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
});

test('sources of one name are told apart by their paths', () => {
  mkdirSync(join(folder, 'a'));
  const [one, other] = [join(folder, 'x.o'), join(folder, 'a', 'x.o')];
  for (const path of [one, other]) writeFileSync(path, contractFile('counter/counter.o'));
  const { message } = failure(() => build({ sources: [one, other] }));
  expect(message).toContain(one);
  expect(message).toContain(other);
});

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
  expect(error.message).toBe(`${contractPath('counter.so')} is not a source: expected a .c, .o or .a file.`);
  expect(error.hint).toContain('already built');
});

test('asks for frames of 4096 bytes when 512 are not enough, if clang knows how', () => {
  const source = join(folder, 'a.c');
  writeFileSync(source, '');
  const object = contractPath('counter/counter.o');
  const refusal = 'a.c:1:2: error: Looks like the BPF stack limit of 512 bytes is exceeded.';
  // The last argument of clang is the object to write.
  const write = `for last; do :; done; cp ${object} "$last"`;
  const newer = fakeClang(
    `case "$*" in *-bpf-stack-size=4096*) ${write};; *) echo '${refusal}' >&2; exit 1;; esac`,
  );
  expect(build({ sources: [source], clangPath: newer }).elf).toEqual(contractFile('counter/counter.so'));
  const unknown = 'clang (LLVM option parsing): Unknown command line argument';
  const older = fakeClang(
    `case "$*" in *-bpf-stack-size=4096*) echo '${unknown}' >&2;; *) echo '${refusal}' >&2;; esac; exit 1`,
  );
  const error = failure(() => build({ sources: [source], clangPath: older }));
  expect(error.message).toContain(refusal);
  expect(error.message).not.toContain('Unknown');
  expect(error.hint).toMatch(/512 bytes of stack.*TOS_HEAP.*-bpf-stack-size/);
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
    test.each(rebuiltNames)('rebuilds %s to the committed bytes, without a warning', (name) => {
      const { files, warnings } = rebuild(name);
      expect(warnings).toEqual([]);
      const stale = files.filter(({ isCurrent }) => !isCurrent).map(({ path }) => path);
      expect(stale, 'npm run fixtures:build writes them').toEqual([]);
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

    test('gives the same bytes wherever sources and headers are, also when it takes the way over rewritten code', () => {
      const header = '#include <tos/types.h>\nstatic inline const char *here(void) { return __FILE__; }\n';
      const text = `#include "here.h"
#include <tos/entrypoint.h>
const char *file(void) { return __FILE__; }
const char *header(void) { return here(); }
uint64_t entrypoint(const uint8_t *i, uint64_t n) { return (uint64_t)((int64_t)i[0] / (int64_t)n); }
`;
      const elves = ['one', 'deep/er'].map((place) => {
        mkdirSync(join(folder, place, 'include'), { recursive: true });
        source(`${place}/include/here.h`, header);
        const includePaths = [join(folder, place, 'include')];
        return build({ sources: [source(`${place}/same.c`, text)], includePaths }).elf;
      });
      expect(elves[0]).toEqual(elves[1]);
      expect(new TextDecoder('latin1').decode(elves[0])).toContain('here.h');
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

    test('links a source, an object and an archive together', () => {
      const declare =
        '#include <tos/types.h>\nTOS_INTERNAL uint64_t twice(uint64_t x);\nTOS_INTERNAL uint64_t next(uint64_t x);\n';
      // Built beside a whole contract, since an object alone is none.
      const { objects } = build({
        sources: [
          source('twice.c', `${declare}uint64_t twice(uint64_t x) { return next(x) + x - 1; }\n`),
          source('next.c', `${declare}uint64_t next(uint64_t x) { return x + 1; }\n`),
          contractPath('counter/counter.o'),
        ],
      });
      const [twice, next] = [objects[0]!, objects[1]!];
      writeFileSync(join(folder, 'twice.o'), twice.bytes);
      writeFileSync(join(folder, 'lib.a'), buildArchive([next]));
      const text = `${declare}uint64_t entrypoint(const uint8_t *i, uint64_t n);\nuint64_t entrypoint(const uint8_t *i, uint64_t n) { return (uint64_t)i + twice(n); }\n`;
      const { map, warnings } = build({
        sources: [source('main.c', text), join(folder, 'twice.o'), join(folder, 'lib.a')],
        strict: true,
      });
      expect(warnings).toEqual([]);
      expect(map.sections.map(({ object, section }) => `${object} ${section}`)).toEqual([
        'main.o .text.entrypoint',
        'twice.o .text.twice',
        'lib.a(next.o) .text.next',
      ]);
    });

    const entry = (body: string) =>
      `#include <tos/log.h>\n#include <tos/entrypoint.h>\nuint64_t entrypoint(const uint8_t *input, uint64_t len) { ${body} }\n`;

    test.each([
      [
        'too much stack',
        'char t[600]; tos_memset(t, 0, 600); return t[len] + input[0];',
        /512 bytes of stack/,
      ],
      ['an array of any size', 'char t[len]; tos_memset(t, 0, len); return t[input[0]];', /constant size/],
      ['floating point', 'double x = len; return (uint64_t)(x * input[0]);', /no floating-point/],
      ['128-bit numbers', 'return (uint64_t)((__int128)(long)input[0] * (long)len >> 64);', /no 128-bit/],
      [
        'a test of overflow by division',
        'uint64_t a = input[0]; return a != 0 && len > (uint64_t)-1 / a;',
        /b > MAX \/ a: .*tos_mul_u64/,
      ],
      [
        'a struct as argument',
        'return len; }\nstruct s { uint64_t x[4]; };\nuint64_t g(struct s s);\nuint64_t f(const struct s *s) { return g(*s);',
        /no struct by value/,
      ],
      [
        'six arguments',
        'return len; }\nuint64_t f(int a, int b, int c, int d, int e, int g);\nuint64_t h(int a) { return f(a, a, a, a, a, a);',
        /at most five arguments/,
      ],
      [
        'a struct as result',
        'return len; }\nstruct s { uint64_t x[4]; };\nstruct s f(uint64_t a) { struct s s = {{a}}; return s;',
        /return through a pointer/,
      ],
      [
        'a number of arguments that varies',
        'return len; }\nint f(int n, ...) { __builtin_va_list a; __builtin_va_start(a, n); return __builtin_va_arg(a, int);',
        /return through a pointer/,
      ],
      ['a wide result', 'return len; }\n__int128 f(long a) { return a;', /return through a pointer/],
      [
        'floating point beside a signed division',
        'double x = (double)((long)len / (long)input[0]); return (uint64_t)(x * input[1]);',
        /no floating-point/,
      ],
      ['an atomic read', 'return __atomic_load_n(input, 5) + len;', /no atomic operations/],
      [
        'an atomic addition with its result',
        'return len; }\nint f(int *p) { return __sync_fetch_and_add(p, 1);',
        /no atomic operations/,
      ],
      [
        'division of vectors',
        'return len; }\ntypedef int v4 __attribute__((vector_size(16)));\nvoid f(v4 *a, v4 *b) { *a = *a / *b;',
        /no vectors/,
      ],
      [
        'a computed goto',
        'static void *const t[] = {&&a, &&b}; goto *t[len]; a: return 1; b: return input[0];',
        /no computed goto/,
      ],
      ['a variable of threads', 'static __thread int x; return len + (uint64_t)x++;', /no threads/],
      [
        'a C library',
        'return len; }\n#include <string.h>\nvoid f(const char *input) { (void)input;',
        /include path/,
      ],
    ])('explains a refusal of the compiler: %s', (_, body, hint) => {
      const error = failure(() => build({ sources: [source('bad.c', entry(body))] }));
      expect(error.code).toBe('COMPILE_FAILED');
      expect(error.hint).toMatch(hint);
      expect(error.message).toMatch(/bad\.c:\d+/);
      expect(error.message).not.toMatch(/Stack dump|0x[0-9a-f]{5}|PLEASE|clang: /);
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
      expect(warnings[1]).toBe(
        'undefined and not a known syscall: nothing (called in warn.o, .text.entrypoint+0x8); a call of it fails at run time',
      );
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

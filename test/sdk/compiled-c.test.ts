import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createContext,
  createEngineServices,
  type ExecutionResult,
  JournaledState,
  MemoryBackend,
} from '@switchyard/core';
import { build, findClang, type LinkedVersion } from '@switchyard/sdk';
import { TbpfEngine } from '@switchyard/tbpf';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { structureProblems } from './elf-structure.ts';

/*
 * C of which the compiler alone, or an older linker, would make nothing: each is compiled once, linked as V0 and as V3, and run.
 */

/** Why the tests with a compiler are skipped; undefined when they run. */
function clangProblem(): string | undefined {
  try {
    findClang(undefined);
    return undefined;
  } catch {
    return 'clang is not installed';
  }
}
const problem = clangProblem();

const folder = mkdtempSync(join(tmpdir(), 'switchyard-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let sources = 0;

/** Compiles a source and gives a function that runs its entry in both versions, which must agree, and returns what it returned. */
function compiled(body: string) {
  const path = join(folder, `${sources++}.c`);
  writeFileSync(path, `#include <tos/bytes.h>\n#include <tos/entrypoint.h>\n${body}\n`);
  const versions: readonly LinkedVersion[] = [0, 3];
  const engine = new TbpfEngine({}, createEngineServices());
  const files = versions.map((version) => {
    const { elf, warnings } = build({ sources: [path], strict: true, version });
    expect(warnings).toEqual([]);
    expect(structureProblems(elf)).toEqual([]);
    return elf;
  });
  return (input: Uint8Array): ExecutionResult => {
    const [asV0, asV3] = files.map((elf) => {
      const context = createContext({ entry: { kind: 'default' }, input });
      return engine.execute(elf, context, new JournaledState(new MemoryBackend()));
    });
    const visible = ({ status, exitCode, returnData, error }: ExecutionResult) => {
      return { status, exitCode, returnData, error: error?.code };
    };
    expect(visible(asV3!)).toEqual(visible(asV0!));
    return asV0!;
  };
}

function words(...values: readonly bigint[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setBigUint64(index * 8, BigInt.asUintN(64, value), true);
  });
  return bytes;
}

describe.skipIf(problem !== undefined)(
  `compiled C${problem === undefined ? '' : ` (skipped: ${problem})`}`,
  () => {
    describe('signed division', () => {
      const widths = [8, 16, 32, 64] as const;
      /** Quotient and remainder at each width, at 32 bits by a constant, all as 64 bits. */
      const source = `
      #define INT64_MIN (-0x7fffffffffffffffll - 1)
      ${widths
        .map(
          (width) => `
      __attribute__((noinline)) static int${width}_t div${width}(int${width}_t a, int${width}_t b) { return a / b; }
      __attribute__((noinline)) static int${width}_t rem${width}(int${width}_t a, int${width}_t b) { return a % b; }`,
        )
        .join('')}
      uint64_t entrypoint(const uint8_t *input, uint64_t len) {
        int64_t out[16];
        int64_t a = (int64_t)tos_read_u64(input), b = (int64_t)tos_read_u64(input + 8);
        (void)len;
        ${widths
          .map((width, index) => {
            const of = (name: string) => `${name}${width}((int${width}_t)a, (int${width}_t)b)`;
            return `out[${index * 2}] = ${of('div')}; out[${index * 2 + 1}] = ${of('rem')};`;
          })
          .join('\n')}
        out[8] = a / 7; out[9] = a % -7; out[10] = (int32_t)a / 8; out[11] = (int32_t)a % -16; out[12] = a / -1000000007;
        out[13] = a / -4; out[14] = (int8_t)a % 32; out[15] = a / INT64_MIN;
        tos_set_return_data(out, sizeof out);
        return 0;
      }`;
      let run: ((input: Uint8Array) => ExecutionResult) | undefined;
      const divide = (a: bigint, b: bigint) => {
        run ??= compiled(source);
        return run(words(a, b));
      };

      /** What C wants, with numbers that do not fit wrapped. */
      const expected = (a: bigint, b: bigint): bigint[] => {
        const results = widths.flatMap((width) => {
          const [left, right] = [BigInt.asIntN(width, a), BigInt.asIntN(width, b)];
          return [BigInt.asIntN(width, left / right), BigInt.asIntN(width, left % right)];
        });
        const low = BigInt.asIntN(32, a);
        const least = -(2n ** 63n);
        const constants = [a / 7n, a % -7n, low / 8n, low % -16n, a / -1_000_000_007n, a / -4n];
        return [...results, ...constants, BigInt.asIntN(8, a) % 32n, a / least];
      };
      const edges = widths.flatMap((width) => {
        const least = -(2n ** BigInt(width - 1));
        return [least, least + 1n, -least - 1n, -least];
      });
      const numbers = fc.oneof(
        fc.constantFrom(...edges, 0n, 1n, -1n, 2n, -2n, 7n, -7n, 10n, -10n),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => BigInt.asIntN(64, value)),
        fc.bigInt({ min: -300n, max: 300n }),
      );

      test('gives the quotient towards zero and the remainder of the dividend at every width', () => {
        const isZero = (b: bigint) => widths.some((width) => BigInt.asIntN(width, b) === 0n);
        fc.assert(
          fc.property(numbers, numbers, (first, second) => {
            const [a, b] = [BigInt.asIntN(64, first), BigInt.asIntN(64, second)];
            fc.pre(!isZero(b));
            const { returnData } = divide(a, b);
            expect(returnData).toEqual(words(...expected(a, b)));
          }),
          { seed: 14, numRuns: 400 },
        );
      });

      test.each([
        [-(2n ** 63n), -1n],
        [-(2n ** 63n), 1n],
        [2n ** 63n - 1n, -(2n ** 63n) + 1n],
        [-7n, 2n],
        [7n, -2n],
      ])('%i by %i', (a, b) => {
        expect(divide(a, b).returnData).toEqual(words(...expected(a, b)));
      });

      test('by zero is the fault that unsigned division by zero is', () => {
        expect(divide(5n, 0n).error).toMatchObject({
          code: 'DIVISION_BY_ZERO',
          native: { name: 'DivideByZero' },
        });
      });
    });

    test('copies large structs, fills them, and one onto itself', () => {
      const run = compiled(`
      typedef struct { uint8_t bytes[20000]; } block;
      typedef struct { uint64_t id; block body; } record;
      __attribute__((noinline)) static void copy(record *to, const record *from) { *to = *from; }
      __attribute__((noinline)) static void clear(record *to) { *to = (record){.id = 3}; }
      uint64_t entrypoint(const uint8_t *input, uint64_t len) {
        record *one = (record *)TOS_HEAP;
        (void)input; (void)len;
        one->id = 5;
        one->body.bytes[19999] = 9;
        copy(one, one);
        if (one->id != 5 || one->body.bytes[19999] != 9) return 1;
        clear(one);
        if (one->id != 3 || one->body.bytes[19999] != 0 || one->body.bytes[0] != 0) return 2;
        return 0;
      }`);
      expect(run(words())).toMatchObject({ status: 'success', exitCode: 0n });
    });

    test('memcpy, memmove, memset and memcmp do what C wants of them', () => {
      const run = compiled(`
      void *memcpy(void *to, const void *from, size_t size);
      void *memmove(void *to, const void *from, size_t size);
      void *memset(void *to, int byte, size_t size);
      int memcmp(const void *a, const void *b, size_t size);
      uint64_t entrypoint(const uint8_t *input, uint64_t len) {
        uint8_t a[64], b[64];
        if (memset(a, 0x1ff, 64) != a || a[0] != 0xff || a[63] != 0xff) return 1;
        if (memcpy(b, input, len) != b || memcmp(b, input, len) != 0) return 2;
        if (memmove(b + 1, b, 8) != b + 1 || b[0] != input[0] || b[8] != input[7]) return 3;
        a[0] = 1; b[0] = 200;
        if (!(memcmp(a, b, 1) < 0) || !(memcmp(b, a, 1) > 0) || memcmp(a, b, 0) != 0) return 4;
        return 0;
      }`);
      expect(run(words(0x0807060504030201n, 2n, 3n))).toMatchObject({ status: 'success', exitCode: 0n });
    });

    test('tables of functions and of strings, nested in constants, and NULL in them', () => {
      const run = compiled(`
      typedef uint64_t (*operation)(uint64_t, uint64_t);
      typedef struct { const char *name; operation run; } row;
      static uint64_t add(uint64_t a, uint64_t b) { return a + b; }
      static uint64_t sub(uint64_t a, uint64_t b) { return a - b; }
      static const row rows[] = {{"add", add}, {"sub", sub}, {"none", NULL}};
      static const row *const last = rows + 2;
      uint64_t entrypoint(const uint8_t *input, uint64_t len) {
        (void)len;
        const row *one = &rows[input[0]];
        __asm__ volatile("" : "+r"(one));
        if (one->run == NULL) return one == last ? (uint64_t)one->name[3] : 1000;
        return one->run(tos_read_u64(input + 8), tos_read_u64(input + 16)) + (uint64_t)one->name[0];
      }`);
      const exitOf = (index: bigint) => run(words(index, 40n, 2n)).exitCode;
      expect(exitOf(0n)).toBe(42n + 97n);
      expect(exitOf(1n)).toBe(38n + 115n);
      expect(exitOf(2n)).toBe(101n);
    });

    test('the frames of nested and of recursive calls do not touch each other', () => {
      const run = compiled(`
      __attribute__((noinline)) static uint64_t descend(const uint8_t *input, uint64_t depth) {
        volatile uint64_t own[40];
        for (uint64_t i = 0; i < 40; i++) own[i] = depth * 1000 + i;
        uint64_t below = depth == 0 ? 0 : descend(input, depth - 1);
        for (uint64_t i = 0; i < 40; i++) if (own[i] != depth * 1000 + i) return 1000000 + depth;
        return below + 1;
      }
      uint64_t entrypoint(const uint8_t *input, uint64_t len) {
        volatile uint64_t guard[8] = {1, 2, 3, 4, 5, 6, 7, 8};
        uint64_t depth = descend(input, tos_read_u64(input));
        for (uint64_t i = 0; i < 8; i++) if (guard[i] != i + 1) return 9999;
        return depth + len - 8;
      }`);
      expect(run(words(0n)).exitCode).toBe(1n);
      expect(run(words(61n)).exitCode).toBe(62n);
      expect(run(words(63n)).error?.code).toBe('CALL_DEPTH_EXCEEDED');
    });

    test('a weak function is asked for by its address', () => {
      const run = compiled(`
      __attribute__((weak)) uint64_t absent(void);
      __attribute__((weak)) uint64_t present(void);
      uint64_t present(void) { return 5; }
      typedef uint64_t (*function)(void);
      uint64_t entrypoint(const uint8_t *input, uint64_t len) {
        function a = absent, b = present;
        (void)input; (void)len;
        __asm__ volatile("" : "+r"(a), "+r"(b));
        return (a == NULL) + 10 * (b != NULL) + 100 * b();
      }`);
      expect(run(words()).exitCode).toBe(511n);
    });

    test('nothing of a refusal stays in the folder for temporary files', () => {
      const path = join(folder, 'bad.c');
      writeFileSync(path, 'void use(char *);\nvoid f(int n) {\n  char b[n];\n  use(b);\n}\n');
      const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('bad-'));
      const before = left();
      expect(() => build({ sources: [path] })).toThrow(`${path}:3:10: error: variable length array used`);
      expect(left()).toEqual(before);
    });
  },
);

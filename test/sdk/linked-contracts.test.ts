import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createContext,
  createEngineServices,
  type EntryPoint,
  type ExecutionResult,
  JournaledState,
  MemoryBackend,
  VmError,
} from '@switchyard/core';
import { build, findClang, link } from '@switchyard/sdk';
import { TbpfEngine, TbpfTools } from '@switchyard/tbpf';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../fixtures/contracts/', import.meta.url);
const linked = (name: string) =>
  link([{ name, bytes: new Uint8Array(readFileSync(new URL(`${name}/${name}.o`, folder))) }]);
const contract = new Uint8Array(32).fill(0xcc);
const account = (id: number) => new Uint8Array(32).fill(id);
const entry = (id: number): EntryPoint => ({ kind: 'entry', id });
const main: EntryPoint = { kind: 'default' };

function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

/** Calls of one contract on one state; a failed or reverted call leaves no trace, as in the environment. */
function deployed(code: Uint8Array) {
  const engine = new TbpfEngine({}, createEngineServices());
  const state = new JournaledState(new MemoryBackend());
  return (entryPoint: EntryPoint, input: Uint8Array = new Uint8Array(0), sender = 1): ExecutionResult => {
    const id = state.checkpoint();
    const result = engine.execute(
      code,
      createContext({ contract, entry: entryPoint, input, tx: { sender: account(sender) } }),
      state,
    );
    if (result.status === 'success') state.commit(id);
    else state.revert(id);
    return result;
  };
}

describe('faulty', () => {
  test.each([
    [0, 'ACCESS_VIOLATION', 'AccessViolation'],
    [1, 'OUT_OF_GAS', 'ExceededMaxInstructions'],
    [2, 'CALL_DEPTH_EXCEEDED', 'CallDepthExceeded'],
    [3, 'ACCESS_VIOLATION', 'AccessViolation'],
    [4, 'DIVISION_BY_ZERO', 'DivideByZero'],
    [6, 'LIMIT_EXCEEDED', 'SyscallError'],
    [7, 'ACCESS_VIOLATION', 'StackAccessViolation'],
  ])('entry %i ends with %s', (id, code, native) => {
    const result = deployed(linked('faulty'))(entry(id));
    expect(result.status).toBe('failed');
    expect(result.error).toMatchObject({ code, native: { name: native } });
  });

  test('recursion succeeds up to the depth that the documentation says', () => {
    const call = deployed(linked('faulty'));
    expect(call(entry(2), u64(62n)).returnData).toEqual(u64(62n));
    expect(call(entry(2), u64(63n)).error?.code).toBe('CALL_DEPTH_EXCEEDED');
  });

  test('an exit code undoes what the call wrote', () => {
    const result = deployed(linked('faulty'))(entry(5));
    expect(result).toMatchObject({ status: 'reverted', exitCode: 42n });
  });
});

/** Why the tests with a compiler are skipped; undefined when they run. */
function clangProblem(): string | undefined {
  try {
    findClang(undefined);
    return undefined;
  } catch (error) {
    return error instanceof VmError ? error.message : String(error);
  }
}
const problem = clangProblem();

describe.skipIf(problem !== undefined)(
  `headers${problem === undefined ? '' : ` (skipped: ${problem})`}`,
  () => {
    const run = (body: string, input: Uint8Array = new Uint8Array(0)): ExecutionResult => {
      const work = mkdtempSync(join(tmpdir(), 'switchyard-test-'));
      try {
        const source = join(work, 'a.c');
        const signature = 'uint64_t entrypoint(const uint8_t *input, uint64_t len)';
        writeFileSync(
          source,
          `#include <tos/log.h>\n#include <tos/entrypoint.h>\n${signature} { (void)input; (void)len; ${body} }\n`,
        );
        const { elf, warnings } = build({ sources: [source], strict: true });
        expect(warnings).toEqual([]);
        return deployed(elf)(main, input);
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    };
    const logOf = (body: string, input?: Uint8Array) => {
      const result = run(`${body} return 0;`, input);
      expect(result.error).toBeNull();
      return result.logs.map(({ message }) => message);
    };

    describe('a contract with a static function and without a default entry', () => {
      const builtWith = (debugSymbols: boolean) => {
        const work = mkdtempSync(join(tmpdir(), 'switchyard-test-'));
        const path = join(work, 'static.c');
        writeFileSync(
          path,
          `#include <tos/entrypoint.h>
static __attribute__((noinline)) uint64_t inner(uint64_t a, uint64_t b) { return a / b; }
uint64_t entry_4(const uint8_t *input, uint64_t len) { return inner(7, len); }
`,
        );
        try {
          return build({ sources: [path], debugSymbols });
        } finally {
          rmSync(work, { recursive: true, force: true });
        }
      };

      test('names the static function of a fault when built with symbols, and nothing wrong without', () => {
        const functionOf = (debugSymbols: boolean) =>
          deployed(builtWith(debugSymbols).elf)(entry(4)).error?.details['function'];
        expect(functionOf(true)).toBe('inner');
        expect(functionOf(false)).not.toBe('inner');
        expect(functionOf(false)).toMatch(/^after \w+ \(no symbol covers it; build with --symbols\)$/);
        // Named, but not to be called.
        const inner = deployed(builtWith(true).elf)({ kind: 'function', name: 'inner' });
        expect(inner.error?.code).toBe('ENTRY_NOT_FOUND');
        expect(new TbpfTools().inspect(builtWith(true).elf).symbols.map(({ name }) => name)).toContain(
          'inner',
        );
      });

      test('an unused parameter is no mistake, and the missing default entry is explained', () => {
        const { elf, warnings } = builtWith(false);
        expect(warnings).toEqual([
          'there is no entrypoint; a call of the default entry ends with exit code 2^64 - 1',
        ]);
        expect(deployed(elf)(main).error?.hint).toContain('choose one with --entry, such as --entry entry_4');
      });
    });

    test('tos_logf formats every conversion', () => {
      expect(logOf('tos_logf("%u %d %x %s|", ~0ul, -5, 0xbeef, "text");')).toEqual([
        '18446744073709551615 -5 beef text|',
      ]);
      expect(logOf('tos_logf("100%% %q %a %");', undefined)).toEqual(['100% q  %']);
      expect(logOf('tos_logf("%%%u%%%");', undefined)).toEqual(['%0%%']);
      expect(logOf('tos_logf("");')).toEqual(['']);
      expect(logOf('tos_logf("%d", 1ul << 63);')).toEqual(['-9223372036854775808']);
      expect(logOf('tos_logf("%a", input);', account(0xa5))).toEqual(['a5'.repeat(32)]);
      expect(logOf('tos_logf("%u %d %x", 0, 0, 0);')).toEqual(['0 0 0']);
    });

    test('tos_logf cuts a line at its limit', () => {
      expect(logOf('tos_logf("%a%a%a%a", input, input, input, input);', account(1))).toEqual([
        '01'.repeat(120),
      ]);
      const text = 'text of sixty bytes, of which no more than forty-eight fit.';
      expect(logOf(`tos_logf("%a%a%a${text}%u", input, input, input, 7);`, account(1))).toEqual([
        `${'01'.repeat(96)}${text.slice(0, 48)}`,
      ]);
      expect(logOf(`tos_logf("%a%a%a%s", input, input, input, "${text}");`, account(1))).toEqual([
        `${'01'.repeat(96)}${text.slice(0, 48)}`,
      ]);
    });

    test('tos_log_str logs a literal with its exact length', () => {
      expect(logOf('tos_log_str("plain"); tos_log_str("");')).toEqual(['plain', '']);
    });

    test('reads, copies and compares bytes at any address', () => {
      const input = Uint8Array.from({ length: 72 }, (_, index) => index);
      const body = `
        uint8_t copy[72];
        if (tos_read_u64(input + 1) != 0x0807060504030201ul) return 1;
        if (tos_read_u32(input + 3) != 0x06050403u || tos_read_u16(input + 5) != 0x0605u) return 2;
        tos_copy(copy, input, len);
        if (!tos_equal(copy, input, len)) return 3;
        copy[71] = 0;
        if (tos_equal(copy, input, len)) return 4;
        tos_copy_32(copy + 1, input + 40);
        if (!tos_equal_32(copy + 1, input + 40) || tos_equal_32(copy + 2, input + 40)) return 5;
        tos_write_u64(copy + 3, 7);
        tos_write_u32(copy + 11, 8);
        tos_write_u16(copy + 15, 9);
        if (tos_read_u64(copy + 3) != 7 || tos_read_u32(copy + 11) != 8 || tos_read_u16(copy + 15) != 9) return 6;
        return 0;`;
      expect(run(body, input).exitCode).toBe(0n);
    });

    test('the host reads slices as the header declares them', () => {
      const body = `
        tos_hash one, two;
        tos_slice whole = {"abcdef", 6};
        tos_slice parts[2] = {{"abc", 3}, {"def", 3}};
        tos_sha256(&whole, 1, &one);
        tos_sha256(parts, 2, &two);
        if (!tos_equal_32(&one, &two)) return 1;
        tos_set_return_data(&one, sizeof one);
        return 0;`;
      expect(Buffer.from(run(body).returnData).toString('hex')).toBe(
        'bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721',
      );
    });
  },
);

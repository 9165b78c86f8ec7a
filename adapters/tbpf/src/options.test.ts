import { createEngineServices, VmError } from '@switchyard/core';
import { expect, test } from 'vitest';
import { TbpfEngine } from './engine.ts';
import { parseTbpfOptions, tbpfOptionNames } from './options.ts';
import { runAssembly } from './run-assembly.fixture.ts';

/** Code and message of the error that the options cause. */
function errorOf(options: unknown): string {
  try {
    new TbpfEngine(options, createEngineServices());
  } catch (error) {
    if (error instanceof VmError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

test('the defaults are those of the TOS runtime', () => {
  expect(parseTbpfOptions()).toEqual({
    tier: 'auto',
    maxCodeBytes: 1_048_576,
    heapBytes: 32_768,
    maxFrames: 64,
    versions: [0, 4],
    rejectBrokenElfs: false,
  });
  expect(tbpfOptionNames).toEqual(Object.keys(parseTbpfOptions()));
});

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

test.each([
  [
    { heap: 1 },
    'ENGINE_OPTION_UNKNOWN: engine tbpf has no option "heap"; options: tier, maxCodeBytes, heapBytes, maxFrames, versions, rejectBrokenElfs.',
  ],
  [
    { toString: 1 },
    'ENGINE_OPTION_UNKNOWN: engine tbpf has no option "toString"; options: tier, maxCodeBytes, heapBytes, maxFrames, versions, rejectBrokenElfs.',
  ],
  [
    { heapBytes: 262_145 },
    'ENGINE_OPTION_INVALID: engine tbpf: option heapBytes: expected an integer from 0 to 262144, found 262145.',
  ],
  [
    { heapBytes: 5n },
    'ENGINE_OPTION_INVALID: engine tbpf: option heapBytes: expected an integer from 0 to 262144, found 5n.',
  ],
  [
    { maxFrames: cyclic },
    'ENGINE_OPTION_INVALID: engine tbpf: option maxFrames: expected an integer from 1 to 1024, found a value of type object.',
  ],
  [
    { maxFrames: 0 },
    'ENGINE_OPTION_INVALID: engine tbpf: option maxFrames: expected an integer from 1 to 1024, found 0.',
  ],
  [
    { maxCodeBytes: undefined },
    'ENGINE_OPTION_INVALID: engine tbpf: option maxCodeBytes: expected an integer from 1 to 16777216, found undefined.',
  ],
  [
    { tier: 'fast' },
    'ENGINE_OPTION_INVALID: engine tbpf: option tier: expected "auto", "reference", "interpreter" or "compiled", found "fast".',
  ],
  [
    { versions: [3, 2] },
    'ENGINE_OPTION_INVALID: engine tbpf: option versions: expected two versions, lowest and highest, such as [0, 4], found [3,2].',
  ],
  [
    { versions: [0, 5] },
    'ENGINE_OPTION_INVALID: engine tbpf: option versions: expected two versions, lowest and highest, such as [0, 4], found [0,5].',
  ],
  [
    { rejectBrokenElfs: 1 },
    'ENGINE_OPTION_INVALID: engine tbpf: option rejectBrokenElfs: expected true or false, found 1.',
  ],
  [[], 'ENGINE_OPTION_INVALID: engine tbpf: options: expected an object.'],
  [null, 'ENGINE_OPTION_INVALID: engine tbpf: options: expected an object.'],
])('%o is refused by name', (options, wanted) => {
  expect(errorOf(options)).toBe(wanted);
});

test('options are copied: a later change of the given array has no effect', () => {
  const versions: [number, number] = [0, 4];
  const parsed = parseTbpfOptions({ versions });
  versions[1] = 0;
  expect(parsed.versions).toEqual([0, 4]);
});

test('with one frame every call fails, with 1,024 the 1,024th does', () => {
  const recursion = 'function_f: call function_f\nexit';
  const run = (maxFrames: number) => runAssembly(recursion, { options: { maxFrames } });
  expect(run(1)).toMatchObject({ gasUsed: 1n, error: { code: 'CALL_DEPTH_EXCEEDED' } });
  expect(run(1024)).toMatchObject({ gasUsed: 1024n, error: { code: 'CALL_DEPTH_EXCEEDED' } });
});

test('without a heap its first byte is not mapped, and nothing can still be read there', () => {
  const read = (size: number) => `lddw r1, 0x300000000\nmov64 r2, ${size}\nsyscall tos_log\nexit`;
  expect(runAssembly(read(0), { options: { heapBytes: 0 } }).status).toBe('success');
  expect(runAssembly(read(1), { options: { heapBytes: 0 } }).error?.native?.detail).toBe(
    'SyscallError(AccessViolation(Load, 12884901888, 1, "heap"))',
  );
});

test('a version outside the range is refused', () => {
  const result = runAssembly('exit', { options: { versions: [3, 4] } });
  expect(result.error).toMatchObject({ code: 'CODE_INVALID', native: { detail: 'UnsupportedTBPFVersion' } });
});

test('one byte more than maxCodeBytes is refused before it is looked at', () => {
  const engine = new TbpfEngine({ maxCodeBytes: 100 }, createEngineServices());
  expect(engine.validateCode(new Uint8Array(101)).error).toMatchObject({
    code: 'CODE_TOO_LARGE',
    message: 'the code has 101 bytes; at most 100 are allowed.',
  });
  expect(engine.validateCode(new Uint8Array(100)).error?.code).toBe('CODE_INVALID');
});

import { ERROR_TABLE } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { assembled, bytesOf, runAssembly } from './run-assembly.fixture.ts';
import { TbpfTools } from './tools.ts';

/** What a person sees of the fault: code, message, hint, details, pc. */
function report(source: string, run: Parameters<typeof runAssembly>[1] = {}) {
  const { error } = runAssembly(source, run);
  if (error === null) return 'no error';
  const details = Object.entries(error.details).map(([name, value]) => `${name}=${value}`);
  return [
    `${error.code} at ${error.pc}: ${error.message}`,
    `native: ${error.native?.detail}`,
    details.join(', '),
  ];
}

describe('a fault says what happened, where, and what the reference calls it', () => {
  test.each([
    ['gas', 'loop: ja loop', { gasLimit: 10n }],
    ['call depth', 'function_f: call function_f\nexit', {}],
    ['division', 'mov64 r1, 0\ndiv64 r0, r1\nexit', {}],
    ['signed division', 'mov64 r0, 1\nlsh64 r0, 63\nmov64 r1, -1\nsdiv64 r0, r1\nexit', { version: 'v2' }],
    ['the end of the code', 'mov64 r0, 0', {}],
    ['a call to nowhere', 'mov64 r1, 8\ncallx r1\nexit', {}],
    [
      'a call into an instruction',
      'entrypoint: add64 r10, 0\nmov64 r1, 8\ncallx r1\nexit',
      { version: 'v3' },
    ],
    ['an unknown syscall', 'syscall tos_nothing\nexit', {}],
    ['a null pointer', 'mov64 r1, 0\nldxdw r0, [r1+0]\nexit', {}],
    ['a write to constants', 'lddw r1, 0x100000040\nstb [r1+0], 1\nexit', {}],
    ['the stack', 'stdw [r10+0], 1\nexit', {}],
    ['the stack of v1', 'stdw [r10+0], 1\nexit', { version: 'v1' }],
    ['the heap', 'lddw r1, 0x300008000\nldxh r0, [r1+0]\nexit', {}],
    ['the input', 'ldxb r0, [r1+3]\nexit', { input: bytesOf('abc') }],
    ['a pointer given to a syscall', 'mov64 r2, 5\nsyscall tos_log\nexit', {}],
    ['a stack pointer given to a syscall', 'mov64 r1, r10\nmov64 r2, 1\nsyscall tos_log\nexit', {}],
    ['a syscall that cannot be paid', 'mov64 r2, 0\nsyscall tos_log\nexit', { gasLimit: 50n }],
    ['what a syscall refuses', 'mov64 r2, -1\nsyscall tos_log\nexit', {}],
    ['slices above the limit', 'mov64 r2, 20001\nsyscall tos_sha256\nexit', {}],
    ['what else a syscall refuses', 'mov64 r1, 0\nmov64 r2, 0\nmov64 r3, 1\nsyscall tos_burn\nexit', {}],
    ['an exit code', 'mov64 r0, 7\nexit', {}],
  ] as const)('%s', (_name, source, run) => {
    expect(report(source, run)).toMatchSnapshot();
  });

  test('names the function', () => {
    const source =
      'entrypoint: call function_g\nexit\nfunction_f: exit\nfunction_g: mov64 r1, 0\ndiv64 r0, r1\nexit';
    expect(runAssembly(source).error?.details['function']).toBe('function_g');
  });

  test('names a function that is static, and none where no symbol covers the place', () => {
    const source =
      '.global shown\nentrypoint: call function_4\nexit\nshown: exit\nexit\nfunction_4: mov64 r1, 0\ndiv64 r0, r1\nexit';
    const code = assembled(source);
    expect(runAssembly(source).error?.details['function']).toBe('function_4');
    expect(new TbpfTools().inspect(code).symbols.map(({ name }) => name)).toEqual([
      'entrypoint',
      'shown',
      'function_4',
    ]);
  });

  test('a contract without a default entry says which entries it has', () => {
    const { error } = runAssembly('mov64 r0, -1\nexit\nentry_3: exit\nentry_2: exit');
    expect(error?.message).toBe('the contract ended with exit code 18446744073709551615.');
    expect(error?.hint).toBe(
      'The contract has no default entry; choose one with --entry, such as --entry entry_2. `switchyard inspect` lists them.',
    );
    const other = runAssembly('mov64 r0, -1\nmov64 r1, 0\nexit').error;
    expect(other?.hint).not.toContain('no default entry');
  });

  test('an exit code that a failed callee left says its error', () => {
    const { error } = runAssembly(
      `lddw r0, ${(1n << 63n) + BigInt(ERROR_TABLE.OUT_OF_GAS.number) - (1n << 64n)}\nexit`,
    );
    expect(error?.hint).toBe(
      `2^63 + ${ERROR_TABLE.OUT_OF_GAS.number} is what a call of another contract answers that failed: OUT_OF_GAS.`,
    );
  });

  test.each([
    ['unknown', 'mov64 r1, 0\nldxb r0, [r1+0]'],
    ['program', 'lddw r1, 0x100000000\nldxb r0, [r1+0]'],
    ['stack', 'ldxb r0, [r10+0]'],
    ['heap', 'lddw r1, 0x300008000\nldxb r0, [r1+0]'],
    ['input', 'ldxb r0, [r1+0]'],
  ])('gives a hint of its own for the region %s', (region, source) => {
    const error = runAssembly(`${source}\nexit`).error!;
    expect(error.details['region']).toBe(region);
    expect(error.hint).toMatchSnapshot();
  });
});

test('any function of a contract with many is found', () => {
  const functions = Array.from(
    { length: 300 },
    (_, index) => `function_${index}x: mov64 r1, 0\ndiv64 r0, r1\nexit\n`,
  );
  for (const index of [0, 1, 150, 299]) {
    const source = `entrypoint: call function_${index}x\nexit\n${functions.join('')}`;
    expect(runAssembly(source).error?.details['function']).toBe(`function_${index}x`);
  }
});

import { hexToBytes } from '@switchyard/core';
import { expect, test } from 'vitest';
import { assemble } from '../assembler/assemble.ts';
import { defaultTbpfConfig, type TbpfConfig } from '../config.ts';
import { type TbpfVersion, tbpfVersions } from '../isa/version.ts';
import { loadRawText } from '../loader/raw-text.ts';
import { createSyscallTable } from '../syscalls/syscall.ts';
import { sampleSyscalls } from '../vectors/sample-syscalls.ts';
import { verify } from '../verifier/verify.ts';
import { run } from './interpreter.ts';
import { predecode } from './program.ts';
import { createMachine } from './reference-machine.ts';

type Example = readonly [
  row: number,
  version: TbpfVersion,
  program: string,
  budget: bigint,
  input: string,
  config: Partial<TbpfConfig>,
  result: string,
  count: bigint,
];

// The examples of spec §11.1, all of them run on the reference; `;` stands for a newline. The sample syscall fails with Boom.
const examples: readonly Example[] = [
  [1, 0, 'mov32 r0, -1; exit', 10n, '', {}, '0xffffffff', 2n],
  [2, 0, 'mov64 r0, -1; exit', 10n, '', {}, '0xffffffffffffffff', 2n],
  [3, 0, 'mov64 r1, -1; mov32 r0, r1; exit', 10n, '', {}, '0xffffffff', 3n],
  [4, 2, 'mov64 r1, -1; mov32 r0, r1; exit', 10n, '', {}, '0xffffffffffffffff', 3n],
  [5, 4, 'add64 r10, 0; mov32 r1, -1; mov32 r0, r1; exit', 10n, '', {}, '0xffffffffffffffff', 4n],
  [6, 0, 'mov32 r0, 0x7fffffff; add32 r0, 1; exit', 10n, '', {}, '0xffffffff80000000', 3n],
  [7, 3, 'add64 r10, 0; mov32 r0, 0x7fffffff; add32 r0, 1; exit', 10n, '', {}, '0x80000000', 4n],
  [8, 0, 'mov64 r0, 3; sub32 r0, 5; exit', 10n, '', {}, '0xfffffffffffffffe', 3n],
  [9, 2, 'mov64 r0, 3; sub32 r0, 5; exit', 10n, '', {}, '0x2', 3n],
  [10, 2, 'mov64 r0, 3; sub64 r0, -5; exit', 10n, '', {}, '0xfffffffffffffff8', 3n],
  [11, 3, 'add64 r10, 0; mov64 r0, 3; sub64 r0, 5; exit', 10n, '', {}, '0xfffffffffffffffe', 4n],
  [12, 0, 'mov64 r0, -1; mul32 r0, 4; exit', 10n, '', {}, '0xfffffffffffffffc', 3n],
  [13, 4, 'add64 r10, 0; mov64 r0, -1; mul32 r0, 4; exit', 10n, '', {}, '0xfffffffc', 4n],
  [14, 0, 'mov64 r0, -1; div64 r0, -1; exit', 10n, '', {}, '0x1', 3n],
  [15, 2, 'mov64 r0, -1; udiv64 r0, -1; exit', 10n, '', {}, '0x100000001', 3n],
  [16, 0, 'lddw r0, 0x1ffffffff; mod32 r0, 16; exit', 10n, '', {}, '0xf', 3n],
  [17, 2, 'mov64 r0, -1; uhmul64 r0, -1; exit', 10n, '', {}, '0xfffffffe', 3n],
  [18, 2, 'mov64 r0, -1; shmul64 r0, -1; exit', 10n, '', {}, '0x0', 3n],
  [19, 2, 'mov64 r0, -13; srem64 r0, 4; exit', 10n, '', {}, '0xffffffffffffffff', 3n],
  [20, 2, 'mov64 r0, -13; sdiv32 r0, 4; exit', 10n, '', {}, '0xfffffffd', 3n],
  [21, 2, 'mov64 r0, 1; lsh64 r0, 63; srem64 r0, -1; exit', 10n, '', {}, 'DivideOverflow', 3n],
  [22, 2, 'mov32 r0, 1; lsh32 r0, 31; mov64 r1, -1; sdiv32 r0, r1; exit', 10n, '', {}, 'DivideOverflow', 4n],
  [23, 2, 'mov64 r0, 5; hor64 r0, -1; exit', 10n, '', {}, '0xffffffff00000005', 3n],
  [24, 0, 'mov64 r0, 1; mov64 r1, 65; lsh64 r0, r1; exit', 10n, '', {}, '0x2', 4n],
  [25, 0, 'mov64 r0, -1; mov64 r1, 33; rsh32 r0, r1; exit', 10n, '', {}, '0x7fffffff', 4n],
  [26, 0, 'lddw r0, 0x80000000; arsh32 r0, 4; exit', 10n, '', {}, '0xf8000000', 3n],
  [27, 0, 'mov64 r0, 2; neg32 r0; exit', 10n, '', {}, '0xfffffffe', 3n],
  [28, 0, 'lddw r0, 0x1122334455667788; be16 r0; exit', 10n, '', {}, '0x8877', 3n],
  [29, 0, 'lddw r0, 0x1122334455667788; le32 r0; exit', 10n, '', {}, '0x55667788', 3n],
  [30, 0, 'lddw r0, 0x00000000ffffffff; exit', 10n, '', {}, '0xffffffff', 2n],
  [31, 0, 'mov64 r0, 7; jgt r0, -1, +1; mov64 r0, 9; exit', 10n, '', {}, '0x9', 4n],
  [
    32,
    0,
    'lddw r1, 0x8000000000000000; mov64 r0, 0; jset r1, -2147483648, +1; exit; mov64 r0, 1; exit',
    10n,
    '',
    {},
    '0x1',
    5n,
  ],
  [33, 0, 'mov64 r1, 0; mov64 r0, 5; div64 r0, r1; exit', 10n, '', {}, 'DivideByZero', 3n],
  [34, 0, 'mov64 r1, 0; mov64 r0, 5; div64 r0, r1; exit', 2n, '', {}, 'ExceededMaxInstructions', 2n],
  [35, 0, 'exit', 1n, '', {}, '0x0', 1n],
  [36, 0, 'exit', 0n, '', {}, 'ExceededMaxInstructions', 0n],
  [37, 0, 'ja -1; exit', 5n, '', {}, 'ExceededMaxInstructions', 5n],
  [38, 0, 'mov64 r0, 1', 9n, '', {}, 'ExecutionOverrun', 2n],
  [39, 0, 'mov64 r0, 1', 1n, '', {}, 'ExceededMaxInstructions', 1n],
  [40, 0, 'stdw [r1+0], -2; ldxdw r0, [r1+0]; exit', 9n, '0000000000000000', {}, '0xfffffffffffffffe', 3n],
  [
    41,
    0,
    'ldxdw r0, [r1+1]; exit',
    9n,
    '0001020304050607',
    {},
    'AccessViolation(Load, 17179869185, 8, "input")',
    1n,
  ],
  [42, 0, 'ldxw r0, [r1+1]; exit', 9n, '0011223344', {}, '0x44332211', 2n],
  [
    43,
    0,
    'lddw r2, 0x100000000; stb [r2+0], 1; exit',
    9n,
    '',
    {},
    'AccessViolation(Store, 4294967296, 1, "program")',
    2n,
  ],
  [44, 0, 'lddw r2, 0x100000000; ldxb r0, [r2+0]; exit', 9n, '', {}, '0x18', 3n],
  [45, 4, 'add64 r10, 0; ldxb r0, [r0+0]; exit', 9n, '', {}, 'AccessViolation(Load, 0, 1, "unknown")', 2n],
  [46, 0, 'mov64 r0, r10; exit', 9n, '', {}, '0x200001000', 2n],
  [47, 1, 'mov64 r0, r10; exit', 9n, '', {}, '0x200040000', 2n],
  [48, 0, 'stb [r10+0], 1; exit', 9n, '', {}, 'StackAccessViolation(Store, 8589938688, 1, 1)', 1n],
  [49, 0, 'stdw [r10-4], -1; ldxw r0, [r10-4]; exit', 9n, '', {}, '0xffffffff', 3n],
  [50, 0, 'lddw r2, 0x200002000; stdw [r10-4], -1; ldxw r0, [r2+0]; exit', 9n, '', {}, '0xffffffff', 4n],
  [51, 0, 'stb [r10-0x1001], 1; exit', 9n, '', {}, 'StackAccessViolation(Store, 8589934591, 1, 0)', 1n],
  [52, 0, 'stb [r10-0x3000], 1; exit', 9n, '', {}, 'AccessViolation(Store, 8589926400, 1, "program")', 1n],
  [
    53,
    0,
    'mov64 r2, r10; add64 r2, 0x40000; stb [r2+0], 1; exit',
    9n,
    '',
    {},
    'AccessViolation(Store, 8590200832, 1, "stack")',
    3n,
  ],
  [54, 0, 'mov64 r2, r10; add64 r2, 0x3f000; stb [r2+0], 1; ldxb r0, [r2+0]; exit', 9n, '', {}, '0x1', 5n],
  [55, 1, 'stb [r10+0], 1; exit', 9n, '', {}, 'AccessViolation(Store, 8590196736, 1, "stack")', 1n],
  [56, 0, 'call function_f; exit; function_f:; mov64 r0, r10; exit', 9n, '', {}, '0x200003000', 4n],
  [
    57,
    0,
    'call function_f; exit; function_f:; mov64 r0, r10; exit',
    9n,
    '',
    { enableStackFrameGaps: false },
    '0x200002000',
    4n,
  ],
  [
    58,
    3,
    'add64 r10, -64; call function_f; exit; function_f:; add64 r10, -128; mov64 r0, r10; exit',
    9n,
    '',
    {},
    '0x20003ff40',
    6n,
  ],
  [
    59,
    3,
    'add64 r10, 0; mov64 r6, 6; mov64 r1, 1; call function_f; add64 r0, r6; add64 r0, r1; exit; function_f:; add64 r10, 0; mov64 r6, 100; mov64 r1, 30; mov64 r0, 200; exit',
    99n,
    '',
    {},
    '0xec',
    12n,
  ],
  [60, 0, 'function_0:; call function_0; exit', 99n, '', { maxCallDepth: 4 }, 'CallDepthExceeded', 4n],
  [61, 0, 'lddw r1, 0x10000001f; callx r1; exit; mov64 r0, 77; exit', 9n, '', {}, '0x0', 4n],
  [62, 0, 'lddw r1, 0x100000020; callx r1; exit; mov64 r0, 77; exit', 9n, '', {}, '0x4d', 5n],
  [63, 0, 'mov64 r1, 0x20; callx r1; exit', 9n, '', {}, 'CallOutsideTextSegment', 2n],
  [64, 0, 'lddw r1, 0x100000008; callx r1; exit', 9n, '', {}, 'UnsupportedInstruction', 3n],
  [65, 3, 'add64 r10, 0; mov64 r1, 8; callx r1; exit', 9n, '', {}, 'UnsupportedInstruction', 3n],
  [
    66,
    3,
    'add64 r10, 0; mov64 r1, 32; callx r1; exit; add64 r10, 0; mov64 r0, 4; exit',
    9n,
    '',
    {},
    '0x4',
    7n,
  ],
  [67, 2, 'lddw r0, 1; exit', 9n, '', {}, 'UnknownOpCode(24, 0)', 0n],
  [68, 0, 'mov64 r1, 5; mov64 r2, 2; syscall burn; exit', 20n, '', {}, '0x7', 9n],
  [69, 0, 'mov64 r1, 17; syscall burn; exit', 19n, '', {}, 'ExceededMaxInstructions', 19n],
  [70, 0, 'mov64 r1, 1000; syscall burn; exit', 19n, '', {}, 'ExceededMaxInstructions', 19n],
  [71, 0, 'mov64 r1, 5; syscall fail; exit', 20n, '', {}, 'SyscallError(Boom)', 7n],
  [72, 0, 'mov64 r1, 5; syscall fail; exit', 1n, '', {}, 'ExceededMaxInstructions', 1n],
  [73, 0, 'syscall nope; exit', 9n, '', {}, 'UnsupportedInstruction', 1n],
  [74, 3, 'add64 r10, 0; syscall nope; exit', 9n, '', {}, 'InvalidSyscall(2845068960)', 0n],
  [75, 0, 'add64 r10, 0; exit', 9n, '', {}, '0x0', 2n],
  [76, 2, 'mul64 r1, r2; exit', 9n, '', {}, 'AccessViolation(Store, 17179869184, 1, "input")', 1n],
  [77, 2, 'mov64 r0, 3; lsh64 r0, 31; mov64 r1, -1; sdiv32 r0, r1; exit', 10n, '', {}, 'DivideOverflow', 4n],
  [78, 0, 'mov64 r1, 1; lsh64 r1, 32; mov64 r0, 5; div32 r0, r1; exit', 10n, '', {}, 'DivideByZero', 4n],
  [
    79,
    0,
    'mov64 r1, 1; ldxb r0, [r1-2]; exit',
    10n,
    '',
    {},
    'AccessViolation(Load, 18446744073709551615, 1, "unknown")',
    2n,
  ],
  [80, 1, 'add64 r10, -64; stdw [r10+0], 7; ldxdw r0, [r10+0]; exit', 10n, '', {}, '0x7', 4n],
  [81, 4, 'add64 r10, 0; callx r0; exit', 99n, '', { maxCallDepth: 5 }, 'CallDepthExceeded', 10n],
  [82, 0, 'mov64 r1, -1; jsgt r1, 0, +1; mov64 r0, 1; exit', 10n, '', {}, '0x1', 4n],
  [83, 2, 'stdw [r1+0], 258; ldxh r0, [r1+0]; exit', 10n, '0000000000000000', {}, '0x102', 3n],
  [
    84,
    0,
    'mov64 r1, 0; mov64 r2, 3; syscall log; exit',
    10n,
    '',
    {},
    'SyscallError(AccessViolation(Load, 0, 3, "unknown"))',
    3n,
  ],
  [85, 0, 'call 1; lddw r0, 0x1122334455667788; exit', 10n, '', {}, 'UnsupportedInstruction', 2n],
  [86, 0, 'mov64 r1, 3; mov64 r5, 9; syscall burn; mov64 r0, r5; exit', 20n, '', {}, '0x9', 8n],
  [87, 0, 'jeq r0, 0, -1; exit', 7n, '', {}, 'ExceededMaxInstructions', 7n],
  [
    88,
    3,
    'add64 r10, -64; stdw [r10+0], 5; call function_f; ldxdw r0, [r10+0]; exit; function_f:; add64 r10, -64; stdw [r10+0], 6; exit',
    99n,
    '',
    {},
    '0x5',
    8n,
  ],
];

const syscalls = createSyscallTable(sampleSyscalls);

/** r0, or the error that stopped the program, and how many instructions were counted. */
function resultOf([, version, program, budget, input, partial]: Example): readonly [string, bigint] {
  const config: TbpfConfig = { ...defaultTbpfConfig, enabledVersions: [version, version], ...partial };
  const assembled = assemble(program.replaceAll(';', '\n'), { config, syscalls });
  if (!assembled.ok) return [assembled.message, 0n];
  const loaded = loadRawText(assembled.text, version, syscalls, config, assembled.functions);
  if (!loaded.ok) return [loaded.error.detail, 0n];
  const refused = verify(assembled.text, version, syscalls);
  if (refused !== undefined) return [refused.detail, 0n];
  const machine = createMachine({
    program: predecode(loaded.executable, syscalls),
    entryPc: loaded.executable.entryPc,
    gasLimit: budget,
    input: hexToBytes(input)!,
    heapSize: 0,
    host: { log: [] },
  });
  if (!('memory' in machine)) return [machine.detail, 0n];
  machine.setRegister(1, 0x4_0000_0000n);
  run(machine);
  return [machine.fault?.detail ?? `0x${machine.register(0).toString(16)}`, machine.meter.used];
}

test('there are 88 examples, of every version', () => {
  expect(examples.map(([row]) => row)).toEqual(Array.from({ length: 88 }, (_, index) => index + 1));
  expect([...new Set(examples.map(([, version]) => version))].sort()).toEqual(tbpfVersions);
});

test.each(examples)('example %i (V%i): %s', (...example) => {
  expect(resultOf(example)).toEqual([example[6], example[7]]);
});

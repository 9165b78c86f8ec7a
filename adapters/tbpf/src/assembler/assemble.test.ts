import { expect, test } from 'vitest';
import { defaultTbpfConfig } from '../config.ts';
import type { TbpfVersion } from '../isa/version.ts';
import { syscallKeysOf } from '../loader/syscall-keys.ts';
import { assemble } from './assemble.ts';

// Row, version, program (`; ` stands for a newline), slots: the examples of spec §11.1.
const examples: readonly (readonly [number, TbpfVersion, string, string])[] = [
  [1, 0, 'mov32 r0, -1; exit', 'b4000000ffffffff 9500000000000000'],
  [2, 0, 'mov64 r0, -1; exit', 'b7000000ffffffff 9500000000000000'],
  [3, 0, 'mov64 r1, -1; mov32 r0, r1; exit', 'b7010000ffffffff bc10000000000000 9500000000000000'],
  [4, 2, 'mov64 r1, -1; mov32 r0, r1; exit', 'b7010000ffffffff bc10000000000000 9500000000000000'],
  [
    5,
    4,
    'add64 r10, 0; mov32 r1, -1; mov32 r0, r1; exit',
    '070a000000000000 b4010000ffffffff bc10000000000000 9500000000000000',
  ],
  [6, 0, 'mov32 r0, 0x7fffffff; add32 r0, 1; exit', 'b4000000ffffff7f 0400000001000000 9500000000000000'],
  [
    7,
    3,
    'add64 r10, 0; mov32 r0, 0x7fffffff; add32 r0, 1; exit',
    '070a000000000000 b4000000ffffff7f 0400000001000000 9500000000000000',
  ],
  [8, 0, 'mov64 r0, 3; sub32 r0, 5; exit', 'b700000003000000 1400000005000000 9500000000000000'],
  [9, 2, 'mov64 r0, 3; sub32 r0, 5; exit', 'b700000003000000 1400000005000000 9500000000000000'],
  [10, 2, 'mov64 r0, 3; sub64 r0, -5; exit', 'b700000003000000 17000000fbffffff 9500000000000000'],
  [
    11,
    3,
    'add64 r10, 0; mov64 r0, 3; sub64 r0, 5; exit',
    '070a000000000000 b700000003000000 1700000005000000 9500000000000000',
  ],
  [12, 0, 'mov64 r0, -1; mul32 r0, 4; exit', 'b7000000ffffffff 2400000004000000 9500000000000000'],
  [
    13,
    4,
    'add64 r10, 0; mov64 r0, -1; mul32 r0, 4; exit',
    '070a000000000000 b7000000ffffffff 2400000004000000 9500000000000000',
  ],
  [14, 0, 'mov64 r0, -1; div64 r0, -1; exit', 'b7000000ffffffff 37000000ffffffff 9500000000000000'],
  [15, 2, 'mov64 r0, -1; udiv64 r0, -1; exit', 'b7000000ffffffff 56000000ffffffff 9500000000000000'],
  [
    16,
    0,
    'lddw r0, 0x1ffffffff; mod32 r0, 16; exit',
    '18000000ffffffff 0000000001000000 9400000010000000 9500000000000000',
  ],
  [17, 2, 'mov64 r0, -1; uhmul64 r0, -1; exit', 'b7000000ffffffff 36000000ffffffff 9500000000000000'],
  [18, 2, 'mov64 r0, -1; shmul64 r0, -1; exit', 'b7000000ffffffff b6000000ffffffff 9500000000000000'],
  [19, 2, 'mov64 r0, -13; srem64 r0, 4; exit', 'b7000000f3ffffff f600000004000000 9500000000000000'],
  [20, 2, 'mov64 r0, -13; sdiv32 r0, 4; exit', 'b7000000f3ffffff c600000004000000 9500000000000000'],
  [
    21,
    2,
    'mov64 r0, 1; lsh64 r0, 63; srem64 r0, -1; exit',
    'b700000001000000 670000003f000000 f6000000ffffffff 9500000000000000',
  ],
  [
    22,
    2,
    'mov32 r0, 1; lsh32 r0, 31; mov64 r1, -1; sdiv32 r0, r1; exit',
    'b400000001000000 640000001f000000 b7010000ffffffff ce10000000000000 9500000000000000',
  ],
  [23, 2, 'mov64 r0, 5; hor64 r0, -1; exit', 'b700000005000000 f7000000ffffffff 9500000000000000'],
  [
    24,
    0,
    'mov64 r0, 1; mov64 r1, 65; lsh64 r0, r1; exit',
    'b700000001000000 b701000041000000 6f10000000000000 9500000000000000',
  ],
  [
    25,
    0,
    'mov64 r0, -1; mov64 r1, 33; rsh32 r0, r1; exit',
    'b7000000ffffffff b701000021000000 7c10000000000000 9500000000000000',
  ],
  [
    26,
    0,
    'lddw r0, 0x80000000; arsh32 r0, 4; exit',
    '1800000000000080 0000000000000000 c400000004000000 9500000000000000',
  ],
  [27, 0, 'mov64 r0, 2; neg32 r0; exit', 'b700000002000000 8400000000000000 9500000000000000'],
  [
    28,
    0,
    'lddw r0, 0x1122334455667788; be16 r0; exit',
    '1800000088776655 0000000044332211 dc00000010000000 9500000000000000',
  ],
  [
    29,
    0,
    'lddw r0, 0x1122334455667788; le32 r0; exit',
    '1800000088776655 0000000044332211 d400000020000000 9500000000000000',
  ],
  [30, 0, 'lddw r0, 0x00000000ffffffff; exit', '18000000ffffffff 0000000000000000 9500000000000000'],
  [
    31,
    0,
    'mov64 r0, 7; jgt r0, -1, +1; mov64 r0, 9; exit',
    'b700000007000000 25000100ffffffff b700000009000000 9500000000000000',
  ],
  [
    32,
    0,
    'lddw r1, 0x8000000000000000; mov64 r0, 0; jset r1, -2147483648, +1; exit; mov64 r0, 1; exit',
    '1801000000000000 0000000000000080 b700000000000000 4501010000000080 9500000000000000 b700000001000000 9500000000000000',
  ],
  [
    33,
    0,
    'mov64 r1, 0; mov64 r0, 5; div64 r0, r1; exit',
    'b701000000000000 b700000005000000 3f10000000000000 9500000000000000',
  ],
  [
    34,
    0,
    'mov64 r1, 0; mov64 r0, 5; div64 r0, r1; exit',
    'b701000000000000 b700000005000000 3f10000000000000 9500000000000000',
  ],
  [35, 0, 'exit', '9500000000000000'],
  [36, 0, 'exit', '9500000000000000'],
  [37, 0, 'ja -1; exit', '0500ffff00000000 9500000000000000'],
  [38, 0, 'mov64 r0, 1', 'b700000001000000'],
  [39, 0, 'mov64 r0, 1', 'b700000001000000'],
  [40, 0, 'stdw [r1+0], -2; ldxdw r0, [r1+0]; exit', '7a010000feffffff 7910000000000000 9500000000000000'],
  [41, 0, 'ldxdw r0, [r1+1]; exit', '7910010000000000 9500000000000000'],
  [42, 0, 'ldxw r0, [r1+1]; exit', '6110010000000000 9500000000000000'],
  [
    43,
    0,
    'lddw r2, 0x100000000; stb [r2+0], 1; exit',
    '1802000000000000 0000000001000000 7202000001000000 9500000000000000',
  ],
  [
    44,
    0,
    'lddw r2, 0x100000000; ldxb r0, [r2+0]; exit',
    '1802000000000000 0000000001000000 7120000000000000 9500000000000000',
  ],
  [45, 4, 'add64 r10, 0; ldxb r0, [r0+0]; exit', '070a000000000000 7100000000000000 9500000000000000'],
  [46, 0, 'mov64 r0, r10; exit', 'bfa0000000000000 9500000000000000'],
  [47, 1, 'mov64 r0, r10; exit', 'bfa0000000000000 9500000000000000'],
  [48, 0, 'stb [r10+0], 1; exit', '720a000001000000 9500000000000000'],
  [49, 0, 'stdw [r10-4], -1; ldxw r0, [r10-4]; exit', '7a0afcffffffffff 61a0fcff00000000 9500000000000000'],
  [
    50,
    0,
    'lddw r2, 0x200002000; stdw [r10-4], -1; ldxw r0, [r2+0]; exit',
    '1802000000200000 0000000002000000 7a0afcffffffffff 6120000000000000 9500000000000000',
  ],
  [51, 0, 'stb [r10-0x1001], 1; exit', '720affef01000000 9500000000000000'],
  [52, 0, 'stb [r10-0x3000], 1; exit', '720a00d001000000 9500000000000000'],
  [
    53,
    0,
    'mov64 r2, r10; add64 r2, 0x40000; stb [r2+0], 1; exit',
    'bfa2000000000000 0702000000000400 7202000001000000 9500000000000000',
  ],
  [
    54,
    0,
    'mov64 r2, r10; add64 r2, 0x3f000; stb [r2+0], 1; ldxb r0, [r2+0]; exit',
    'bfa2000000000000 0702000000f00300 7202000001000000 7120000000000000 9500000000000000',
  ],
  [55, 1, 'stb [r10+0], 1; exit', '720a000001000000 9500000000000000'],
  [
    56,
    0,
    'call function_f; exit; function_f:; mov64 r0, r10; exit',
    '8500000002000000 9500000000000000 bfa0000000000000 9500000000000000',
  ],
  [
    57,
    0,
    'call function_f; exit; function_f:; mov64 r0, r10; exit',
    '8500000002000000 9500000000000000 bfa0000000000000 9500000000000000',
  ],
  [
    58,
    3,
    'add64 r10, -64; call function_f; exit; function_f:; add64 r10, -128; mov64 r0, r10; exit',
    '070a0000c0ffffff 8510000001000000 9500000000000000 070a000080ffffff bfa0000000000000 9500000000000000',
  ],
  [
    59,
    3,
    'add64 r10, 0; mov64 r6, 6; mov64 r1, 1; call function_f; add64 r0, r6; add64 r0, r1; exit; function_f:; add64 r10, 0; mov64 r6, 100; mov64 r1, 30; mov64 r0, 200; exit',
    '070a000000000000 b706000006000000 b701000001000000 8510000003000000 0f60000000000000 0f10000000000000 9500000000000000 070a000000000000 b706000064000000 b70100001e000000 b7000000c8000000 9500000000000000',
  ],
  [60, 0, 'function_0:; call function_0; exit', '8500000000000000 9500000000000000'],
  [
    61,
    0,
    'lddw r1, 0x10000001f; callx r1; exit; mov64 r0, 77; exit',
    '180100001f000000 0000000001000000 8d00000001000000 9500000000000000 b70000004d000000 9500000000000000',
  ],
  [
    62,
    0,
    'lddw r1, 0x100000020; callx r1; exit; mov64 r0, 77; exit',
    '1801000020000000 0000000001000000 8d00000001000000 9500000000000000 b70000004d000000 9500000000000000',
  ],
  [63, 0, 'mov64 r1, 0x20; callx r1; exit', 'b701000020000000 8d00000001000000 9500000000000000'],
  [
    64,
    0,
    'lddw r1, 0x100000008; callx r1; exit',
    '1801000008000000 0000000001000000 8d00000001000000 9500000000000000',
  ],
  [
    65,
    3,
    'add64 r10, 0; mov64 r1, 8; callx r1; exit',
    '070a000000000000 b701000008000000 8d00000001000000 9500000000000000',
  ],
  [
    66,
    3,
    'add64 r10, 0; mov64 r1, 32; callx r1; exit; add64 r10, 0; mov64 r0, 4; exit',
    '070a000000000000 b701000020000000 8d00000001000000 9500000000000000 070a000000000000 b700000004000000 9500000000000000',
  ],
  [67, 2, 'lddw r0, 1; exit', '1800000001000000 0000000000000000 9500000000000000'],
  [
    68,
    0,
    'mov64 r1, 5; mov64 r2, 2; syscall burn; exit',
    'b701000005000000 b702000002000000 850000008df0fc37 9500000000000000',
  ],
  [69, 0, 'mov64 r1, 17; syscall burn; exit', 'b701000011000000 850000008df0fc37 9500000000000000'],
  [70, 0, 'mov64 r1, 1000; syscall burn; exit', 'b7010000e8030000 850000008df0fc37 9500000000000000'],
  [71, 0, 'mov64 r1, 5; syscall fail; exit', 'b701000005000000 850000005289fb31 9500000000000000'],
  [72, 0, 'mov64 r1, 5; syscall fail; exit', 'b701000005000000 850000005289fb31 9500000000000000'],
  [73, 0, 'syscall nope; exit', '85000000a04e94a9 9500000000000000'],
  [74, 3, 'add64 r10, 0; syscall nope; exit', '070a000000000000 85000000a04e94a9 9500000000000000'],
  [75, 0, 'add64 r10, 0; exit', '4700000000000000 9500000000000000'],
  [76, 2, 'mul64 r1, r2; exit', '2f21000000000000 9500000000000000'],
  [
    77,
    2,
    'mov64 r0, 3; lsh64 r0, 31; mov64 r1, -1; sdiv32 r0, r1; exit',
    'b700000003000000 670000001f000000 b7010000ffffffff ce10000000000000 9500000000000000',
  ],
  [
    78,
    0,
    'mov64 r1, 1; lsh64 r1, 32; mov64 r0, 5; div32 r0, r1; exit',
    'b701000001000000 6701000020000000 b700000005000000 3c10000000000000 9500000000000000',
  ],
  [79, 0, 'mov64 r1, 1; ldxb r0, [r1-2]; exit', 'b701000001000000 7110feff00000000 9500000000000000'],
  [
    80,
    1,
    'add64 r10, -64; stdw [r10+0], 7; ldxdw r0, [r10+0]; exit',
    '070a0000c0ffffff 7a0a000007000000 79a0000000000000 9500000000000000',
  ],
  [81, 4, 'add64 r10, 0; callx r0; exit', '070a000000000000 8d00000000000000 9500000000000000'],
  [
    82,
    0,
    'mov64 r1, -1; jsgt r1, 0, +1; mov64 r0, 1; exit',
    'b7010000ffffffff 6501010000000000 b700000001000000 9500000000000000',
  ],
  [83, 2, 'stdw [r1+0], 258; ldxh r0, [r1+0]; exit', '9701000002010000 3c10000000000000 9500000000000000'],
  [
    84,
    0,
    'mov64 r1, 0; mov64 r2, 3; syscall log; exit',
    'b701000000000000 b702000003000000 85000000fec3f56b 9500000000000000',
  ],
  [
    85,
    0,
    'call 1; lddw r0, 0x1122334455667788; exit',
    '8500000002000000 1800000088776655 0000000044332211 9500000000000000',
  ],
  [
    86,
    0,
    'mov64 r1, 3; mov64 r5, 9; syscall burn; mov64 r0, r5; exit',
    'b701000003000000 b705000009000000 850000008df0fc37 bf50000000000000 9500000000000000',
  ],
  [87, 0, 'jeq r0, 0, -1; exit', '1500ffff00000000 9500000000000000'],
  [
    88,
    3,
    'add64 r10, -64; stdw [r10+0], 5; call function_f; ldxdw r0, [r10+0]; exit; function_f:; add64 r10, -64; stdw [r10+0], 6; exit',
    '070a0000c0ffffff 7a0a000005000000 8510000002000000 79a0000000000000 9500000000000000 070a0000c0ffffff 7a0a000006000000 9500000000000000',
  ],
];

function assembleFor(version: TbpfVersion, source: string) {
  return assemble(source, { config: { ...defaultTbpfConfig, enabledVersions: [0, version] } });
}

/** The slots in hexadecimal, or the message. */
function slotsOf(version: TbpfVersion, source: string): string {
  const outcome = assembleFor(version, source);
  if (!outcome.ok) return outcome.message;
  const digits = Array.from(outcome.text, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replaceAll(/.{16}(?=.)/g, '$& ');
}

test.each(examples)('example %i, V%i: %s', (_, version, program, slots) => {
  expect(slotsOf(version, program.replaceAll('; ', '\n'))).toBe(slots);
});

test.each<[string, string]>([
  ['', ''],
  [' \t\n exit \n', '9500000000000000'],
  ['.fill 2, 0x210F', '0f21000000000000 0f21000000000000'],
  ['exit exit2', 'Unexpected operands: [Label("exit2")]'],
  ['mov r1,2 exit', 'b701000002000000 9500000000000000'],
  ['mov r1, 0xg', 'Invalid instruction "xg"'],
  ['add r1, - 5', '07010000fbffffff'],
  ['ldxb r1, [r2 - 3]', '7121fdff00000000'],
  ['ldxb r1, [r2]', '7121000000000000'],
  ['lddw r1, 0xff11ee22dd33cc44', '1801000044cc33dd 0000000022ee11ff'],
  ['lddw r1, 0xfffffffffffffffff', '1801000000000000 0000000000000000'],
  ['mov r1, 99999999999999999999', 'b701000000000000'],
  ['hor32 r1, 2', 'f401000002000000'],
  ['hor32 r1, r2', 'fc21000000000000'],
  ['syscall 3', '8500000003000000'],
  ['call 299', '851000002b010000'],
  ['callx r3', '8d00000003000000'],
  ['call entrypoint', '85100000ffffffff'],
  ['abcd', 'Invalid instruction "abcd"'],
  ['add 1, 2', 'Unexpected operands: [Integer(1), Integer(2)]'],
  ['add r1, [r2+3]', 'Unexpected operands: [Register(1), Memory(2, 3)]'],
  ['exit foo', 'Unexpected operands: [Label("foo")]'],
  ['add r16, r2', 'Invalid destination register 16'],
  ['add r1, r16', 'Invalid source register 16'],
  ['ja -32769', 'Invalid offset -32769'],
  ['ja 32768', 'Invalid offset 32768'],
  ['add r1, 4294967296', 'Invalid immediate 4294967296'],
  ['add r1, 0xffffffff', 'Invalid immediate 4294967295'],
  ['add r1, -2147483649', 'Invalid immediate -2147483649'],
  ['ja nowhere', 'Label not found nowhere'],
  ['call nowhere', 'Label not found nowhere'],
  ['function_a: exit\ncall 4294967293', 'Invalid immediate 4294967293'],
  ['function_a: call 4294967295', 'Label hash collision call'],
  ['.align 8', 'Invalid directive "align"'],
  ['.fill -1, 0', 'Invalid directive "fill"'],
  ['.fill 99999999999, 0', 'Program too large: more than 1048576 slots'],
])('%j gives %j', (source, expected) => {
  expect(slotsOf(3, source)).toBe(expected);
});

test.each<[string, string]>([
  [
    'exit ; comment',
    'Parse error at line 1 column 6: unexpected ";", expected label, directive, instruction or end of input',
  ],
  ['exit\n  add r1,', 'Parse error at line 2 column 10: unexpected end of input, expected operand'],
  [
    'add r1 , 2',
    'Parse error at line 1 column 8: unexpected ",", expected label, directive, instruction or end of input',
  ],
  ['ja return', 'Parse error at line 1 column 5: unexpected "e", expected digit'],
  ['ldxb r1, [r2+3', "Parse error at line 1 column 15: unexpected end of input, expected ']'"],
  ['ldxb r1, [ r2]', 'Parse error at line 1 column 11: unexpected " ", expected \'r\''],
  ['. fill 1, 2', 'Parse error at line 1 column 2: unexpected " ", expected letter or digit'],
  ['mov r1, +', 'Parse error at line 1 column 10: unexpected end of input, expected digit'],
])('%j: %s', (source, message) => {
  expect(slotsOf(3, source)).toBe(message);
});

test('labels of functions and integer calls register functions by slot', () => {
  const outcome = assembleFor(0, 'call 1\nexit\nfunction_b: exit\nother: exit\nentrypoint: call other\nexit');
  expect(outcome).toMatchObject({
    ok: true,
    version: 0,
    entryPc: 4,
    functions: [
      [2, 2, 'function_b'],
      [4, 4, 'entrypoint'],
    ],
  });
});

test('a syscall named like the entry collides in V0', () => {
  const options = {
    config: { ...defaultTbpfConfig, enabledVersions: [0, 0] as const },
    syscalls: syscallKeysOf(['entrypoint']),
  };
  expect(assemble('exit', options)).toEqual({
    ok: false,
    message: 'Executable constructor SymbolHashCollision(1910755201)',
  });
});

test('parses a long source in linear time', () => {
  const source = 'mov64 r0, 1\n'.repeat(200_000);
  const outcome = assembleFor(3, source);
  expect(outcome.ok && outcome.text.length).toBe(1_600_000);
});

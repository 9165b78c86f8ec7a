import { expect, test } from 'vitest';
import type { TbpfVersion } from '../isa/version.ts';
import { noSyscalls, syscallKeysOf } from '../loader/syscall-keys.ts';
import { verify } from './verify.ts';

// Version, slots, expected outcome, what it shows: the table of spec §11.2, row by row.
const cases: readonly (readonly [TbpfVersion, string, string, string])[] = [
  [0, '', 'NoProgram', 'empty text'],
  [0, '95000000000000', 'ProgramLengthNotMultiple', '7 bytes'],
  [0, '1800000001000000', 'LDDWCannotBeLast', 'lone lddw slot'],
  [0, '1800000001000000 8500000000000000', 'IncompleteLDDW(0)', 'second slot opcode ≠ 0'],
  [
    0,
    '180b000001000000 0000000000000000 9500000000000000',
    'InvalidDestinationRegister(1)',
    'lddw r11 — index of the 2nd slot',
  ],
  [
    0,
    '1800000001000000 00ffffff01000000 9500000000000000',
    'ok',
    '2nd slot: only its opcode byte is checked',
  ],
  [0, '1daa000000000000 9500000000000000', 'CannotWriteR10(0)', 'jeq r10, r10 — a jump with dst=r10'],
  [0, '050a000000000000 9500000000000000', 'CannotWriteR10(0)', 'ja with dst field 10'],
  [0, '95b0000000000000', 'InvalidSourceRegister(0)', 'exit with src field 11'],
  [0, '950c000000000000', 'InvalidDestinationRegister(0)', 'exit with dst field 12'],
  [0, '720a000000000000 9500000000000000', 'ok', 'stb [r10] is a store: allowed'],
  [0, '6400000020000000 9500000000000000', 'ShiftWithOverflow(32, 32, 0)', 'lsh32 r0, 32'],
  [0, '67000000ffffffff 9500000000000000', 'ShiftWithOverflow(18446744073709551615, 64, 0)', 'lsh64 r0, −1'],
  [
    0,
    '340b000000000000 9500000000000000',
    'DivisionByZero(0)',
    'div32 r11, 0 — operand check precedes register check',
  ],
  [0, '070a000040000000 9500000000000000', 'CannotWriteR10(0)', 'V0 add64 r10, 64'],
  [1, '070a000040000000 9500000000000000', 'ok', 'V1 add64 r10, 64'],
  [1, '070a00003f000000 9500000000000000', 'UnalignedImmediate(0)', 'V1 add64 r10, 63'],
  [1, '0f1a000000000000 9500000000000000', 'CannotWriteR10(0)', 'V1 add64 r10, r1'],
  [2, '170a000040000000 9500000000000000', 'CannotWriteR10(0)', 'V2 sub64 r10, 64'],
  [0, '8d0000000a000000 9500000000000000', 'InvalidRegister(0)', 'V0 callx r10'],
  [0, '8d000000ffffffff 9500000000000000', 'InvalidRegister(0)', 'V0 callx imm −1'],
  [2, '8da0000000000000 9500000000000000', 'InvalidRegister(0)', 'V2 callx src=10'],
  [2, '8d000000ff000000 9500000000000000', 'ok', 'V2 callx: imm ignored'],
  [
    3,
    '070a000000000000 8d90000005000000 9500000000000000',
    'ok',
    'V3 callx: imm names r5, src ignored (≤10)',
  ],
  [0, '0500010000000000 9500000000000000', 'JumpOutOfCode(2, 0)', 'jump to slot 2 of 2'],
  [0, '0500fdff00000000 9500000000000000', 'JumpOutOfCode(18446744073709551614, 0)', 'jump to −2'],
  [
    0,
    '0500010000000000 1800000000000000 0000000000000000 9500000000000000',
    'JumpToMiddleOfLDDW(2, 0)',
    'jump into lddw',
  ],
  [0, '8500000011223344', 'ok', 'V0 call to nowhere: not checked, no exit needed'],
  [3, '9500000000000000', 'InvalidFunction(0)', 'V3 first insn not a marker'],
  [3, '070a000000000000 b700000000000000', 'InvalidFunction(1)', 'V3 function must end in ja/exit'],
  [
    3,
    '070a000000000000 1800000000000000 0000000000000000',
    'InvalidFunction(2)',
    'V3 function ending in lddw',
  ],
  [
    3,
    '070a000000000000 0500010000000000 9500000000000000 070a000000000000 9500000000000000',
    'JumpOutOfCode(3, 1)',
    'V3 jump crossing into the next function',
  ],
  [3, '070a000000000000 1500feff00000000 9500000000000000', 'ok', 'V3 jump back onto the marker'],
  [
    3,
    '070a000000000000 8510000001000000 9500000000000000 070a000000000000 9500000000000000',
    'ok',
    'V3 call +1 → marker at 3',
  ],
  [
    3,
    '070a000000000000 8510000000000000 9500000000000000 070a000000000000 9500000000000000',
    'InvalidFunction(2)',
    'V3 call to non-marker',
  ],
  [3, '070a000000000000 85100000f0ffffff 9500000000000000', 'InvalidFunction(4294967282)', 'V3 call −16'],
  [3, '070a000000000000 8520000000000000 9500000000000000', 'UnknownOpCode(133, 1)', 'V3 call with src=2'],
  [
    3,
    '070a000000000000 8500000011223344 9500000000000000',
    'InvalidSyscall(1144201745)',
    'V3 unknown syscall',
  ],
  [
    3,
    '07fa000000000000 9500000000000000',
    'InvalidSourceRegister(0)',
    'marker ignores src for detection, register check still applies',
  ],
  [3, '070a000001000000 9500000000000000', 'UnalignedImmediate(0)', 'V3 marker immediate alignment'],
  [2, '2c10000000000000 9500000000000000', 'ok', 'V2 0x2c = ldxb'],
  [0, '2c10000000000000 9500000000000000', 'ok', 'V0 0x2c = mul32 reg'],
  [2, '2410000000000000 9500000000000000', 'UnknownOpCode(36, 0)', 'V2 mul32 imm'],
  [3, '070a000000000000 3610000000000000 9500000000000000', 'UnknownOpCode(54, 1)', 'V3 uhmul64'],
  [3, '070a000000000000 8400000000000000 9500000000000000', 'ok', 'V3 neg32 is back'],
  [3, '070a000000000000 f700000001000000 9500000000000000', 'UnknownOpCode(247, 1)', 'V3 hor64'],
  [2, '8400000000000000 9500000000000000', 'UnknownOpCode(132, 0)', 'V2 neg32'],
  [2, 'd400000010000000 9500000000000000', 'UnknownOpCode(212, 0)', 'V2 le16'],
  [0, 'dc00000008000000 9500000000000000', 'UnsupportedLEBEArgument(0)', 'be imm 8'],
  [2, '0000000000000000 9500000000000000', 'UnknownOpCode(0, 0)', 'V2 opcode 0'],
  [
    2,
    '0500000000000000 0000000000000000 9500000000000000',
    'JumpToMiddleOfLDDW(1, 0)',
    'V2 jump onto an opcode-0 slot',
  ],
  [0, '9d00000000000000', 'UnknownOpCode(157, 0)', 'opcode 0x9d'],
  [2, 'd610000000000000 9500000000000000', 'DivisionByZero(0)', 'sdiv64 r0, 0'],
  [0, 'c60000000a000000 9500000000000000', 'UnknownOpCode(198, 0)', 'V0 PQR opcode'],
];

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

test.each(cases)('V%i %s is %s (%s)', (version, slots, expected) => {
  const error = verify(bytesOf(slots), version, syscallKeysOf(['burn', 'fail', 'log']));
  expect(error?.detail ?? 'ok').toBe(expected);
});

test('a registered syscall is accepted in V3', () => {
  const text = bytesOf('070a000000000000 85000000fec3f56b 9500000000000000');
  expect(verify(text, 3, syscallKeysOf(['log']))).toBeUndefined();
  expect(verify(text, 3, noSyscalls)).toEqual({
    stage: 'verify',
    name: 'InvalidSyscall',
    payload: [0x6bf5c3fe],
    detail: 'InvalidSyscall(1811268606)',
  });
});

test('a long V3 program of empty functions is verified in linear time', () => {
  const text = new Uint8Array(16 * 100_000);
  for (let at = 0; at < text.length; at += 16) text.set([0x07, 0x0a, 0, 0, 0, 0, 0, 0, 0x95], at);
  expect(verify(text, 3, noSyscalls)).toBeUndefined();
});

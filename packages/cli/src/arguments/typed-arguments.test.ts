import { bytesToHex } from '@switchyard/core';
import { legacyEngine } from '@switchyard/legacy';
import { tbpfEngine } from '@switchyard/tbpf';
import { describe, expect, test } from 'vitest';
import { encodeArguments } from './typed-arguments.ts';

const encode = (...args: string[]): string => bytesToHex(encodeArguments(args));

describe('typed arguments are untagged Borsh in the given order', () => {
  test.each([
    ['u8:255', 'ff'],
    ['u16:258', '0201'],
    ['u64:1_000', 'e803000000000000'],
    ['i8:-1', 'ff'],
    ['i32:-2', 'feffffff'],
    ['u128:1', '01000000000000000000000000000000'],
    ['bool:true', '01'],
    ['bool:false', '00'],
    ['string:hé', '0300000068c3a9'],
    ['string:a:b', '03000000613a62'],
    ['bytes:0xbeef', '02000000beef'],
    ['hex:beef', 'beef'],
    ['address:0xb0b', `${'0'.repeat(61)}b0b`],
  ])('%s is %s', (argument, hex) => {
    expect(encode(argument)).toBe(hex);
  });

  test('and for an engine what its calls take, which may have no form for some', () => {
    const cells = (...args: string[]) => bytesToHex(encodeArguments(args, legacyEngine.tools.calls));
    expect(cells('u64:5', 'string:hé', 'bool:true')).toBe(
      `03${'00040000000000000005'}${'0008000368c3a9'}${'000701'}`,
    );
    expect(cells(`hash:${'07'.repeat(32)}`)).toBe(`01000a00${'07'.repeat(32)}`);
    for (const argument of ['i8:-1', 'hex:beef', `string:${'x'.repeat(65_536)}`]) {
      expect(() => cells('u8:1', argument)).toThrow(/^parameter 1: /);
    }
    expect(bytesToHex(encodeArguments(['i8:-1', 'u16:2', 'hex:beef'], tbpfEngine.tools.calls))).toBe(
      'ff0200beef',
    );
  });

  test('arguments follow each other without anything between', () => {
    expect(encode('u8:1', 'u16:2', 'bool:true')).toBe('01020001');
    expect(encode()).toBe('');
  });

  test.each(['u8:256', 'u8:-1', 'i8:128', 'u64:', 'u64:ten', 'u7:1', 'bool:yes', 'bytes:abc', 'string'])(
    '%s is refused',
    (argument) => {
      expect(() => encode(argument)).toThrow(/^--arg: /);
    },
  );
});

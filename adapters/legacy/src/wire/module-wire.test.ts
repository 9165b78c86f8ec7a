import { bytesToHex, hexToBytes, WireReader } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { describeCell } from '../values/display.ts';
import { make } from '../values/make.ts';
import { encodeCell } from './encode-cell.ts';
import { encodeModule } from './encode-module.ts';
import { decodeModule } from './module-wire.ts';
import { readCell } from './read-cell.ts';

const KITCHEN_SINK =
  '000d00000001010002010200030000000100040000000000000002000500000010000000000000000000000000000600000000000000010000000000000002000000000000000300000000000000040007010008000368c3a90009010101050100000003010203020000000200010102000000000300000002000800016100040000000000000001000102010000000000020000000400000014000000000001000001000001';

const decode = (hex: string) => decodeModule(hexToBytes(hex)!);

describe('the wire form of a module', () => {
  test('holds every kind of constant, and is written back byte for byte', () => {
    const decoded = decode(KITCHEN_SINK);
    if (!decoded.ok) throw new Error(decoded.detail);
    expect(decoded.module.constants.map(describeCell)).toEqual([
      'null',
      'u8:1',
      'u16:258',
      'u32:1',
      'u64:2',
      `u128:${2n ** 100n}`,
      `u256:${1n + (2n << 64n) + (3n << 128n) + (4n << 192n)}`,
      'true',
      '"hé"',
      'range(u8:1..u8:5)',
      'bytes[1, 2, 3]',
      '[u8:1, []]',
      '{"a"=>u64:1, u8:2=>bytes[]}',
    ]);
    expect([...decoded.module.entries]).toEqual([0]);
    expect([...decoded.module.hooks]).toEqual([[0, 1]]);
    expect(bytesToHex(encodeModule(decoded.module))).toBe(KITCHEN_SINK);
  });

  test.each([
    ['a duplicate constant', '00020001010001010000000000'],
    ['a bool of 2', '00010007020000000000'],
    ['a range of two types', '0001000901010200020000000000'],
    ['an entry behind the last chunk', '00000001000000000001000200'],
  ])('with %s is refused', (_what, hex) => {
    expect(decode(hex)).toMatchObject({ ok: false, name: 'InvalidValue' });
  });

  test('that ends too early is InvalidSize at every length', () => {
    const bytes = hexToBytes(KITCHEN_SINK)!;
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeModule(bytes.subarray(0, length))).toMatchObject({ ok: false });
    }
  });

  test('may be followed by other bytes, and says where it ended', () => {
    expect(decode(`${KITCHEN_SINK}00`)).toMatchObject({ ok: true, consumed: 166 });
  });

  test('nested a hundred thousand times is refused, not a stack overflow', () => {
    const deep = `0001${'0200000001'.repeat(100_000)}`;
    expect(decode(deep)).toMatchObject({ ok: false, name: 'InvalidValue' });
  });

  test('keeps opaque values', () => {
    const hash = make.opaque({ type: 'Hash', bytes: new Uint8Array(32).fill(7) });
    const wire = encodeCell(hash);
    expect(bytesToHex(wire)).toBe(`000a00${'07'.repeat(32)}`);
    expect(describeCell(readCell(new WireReader(wire)))).toBe(`Hash(${'07'.repeat(32)})`);
  });
});

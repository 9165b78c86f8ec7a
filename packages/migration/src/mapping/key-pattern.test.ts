import { bytesToHex, encodeUtf8, hexToBytes } from '@switchyard/core';
import { LegacyTools } from '@switchyard/legacy';
import { describe, expect, test } from 'vitest';
import type { Canonical, ValueForm } from './canonical.ts';
import { type Fields, keyPattern, type PatternPart } from './key-pattern.ts';
import { parseType } from './mapped-type.ts';

const bytes: ValueForm = { cells: undefined, network: 'devnet' };
const cells: ValueForm = { cells: new LegacyTools().calls!.cells, network: 'devnet' };
const alice = `0x${'a1'.repeat(32)}`;

const fields = (source: Readonly<Record<string, string>>): Fields =>
  Object.entries(source).map(([name, type]) => [name, parseType(type)]);

test.each<[string, PatternPart, Record<string, string>, Canonical[], string]>([
  ['text', 'minter', {}, [], bytesToHex(encodeUtf8('minter'))],
  ['text and an account', ['bal', '$owner'], { owner: 'address' }, [alice], `62616c${'a1'.repeat(32)}`],
  ['a number, little-endian', ['0x01', '$id'], { id: 'u32' }, ['258'], '0102010000'],
  ['a number, big-endian', ['n', '$id:be'], { id: 'u16' }, ['258'], '6e0102'],
  ['text to the end', ['name:', '$name:raw'], { name: 'string' }, [{ text: 'zoë' }], '6e616d653a7a6fc3ab'],
  ['text with its length', ['$name'], { name: 'string' }, [{ text: 'ab' }], '020000006162'],
  ['a constant integer', ['u16:7', '$id'], { id: 'u8' }, ['9'], '070009'],
])('a key of bytes is read and written: %s', (_what, source, types, values, hex) => {
  const pattern = keyPattern(source, fields(types), bytes);
  expect(bytesToHex(pattern.print(values))).toBe(hex);
  expect(pattern.parse(hexToBytes(hex)!)).toEqual(values);
  expect(pattern.parse(hexToBytes(`${hex}00`)!) ?? 'another').not.toEqual(values);
});

test.each<[string, PatternPart, Record<string, string>, Canonical[]]>([
  ['a text', 'minter', {}, []],
  ['a list with an account', ['balance', '$owner'], { owner: 'address' }, [alice]],
  ['a nested list', ['votes', ['$name', '$round']], { name: 'string', round: 'u8' }, [{ text: 'x' }, '3']],
  ['a constant integer', ['u64:5', '$id'], { id: 'u32' }, ['77']],
])('a key of cells is read and written: %s', (_what, source, types, values) => {
  const pattern = keyPattern(source, fields(types), cells);
  expect(pattern.parse(pattern.print(values))).toEqual(values);
});

test('a key of another item is none of this one', () => {
  const balance = keyPattern(['balance', '$owner'], fields({ owner: 'address' }), cells);
  const votes = keyPattern(['votes', '$owner'], fields({ owner: 'address' }), cells);
  expect(balance.parse(votes.print([alice]))).toBeUndefined();
  expect(balance.parse(Uint8Array.of(9, 9, 9))).toBeUndefined();
});

describe('a pattern that cannot work is refused', () => {
  test.each<[PatternPart, Record<string, string>, ValueForm, string]>([
    [['a', '$who'], { owner: 'address' }, bytes, 'there is no field "who".'],
    ['a', { owner: 'address' }, bytes, 'the field "owner" appears 0 times; a key has every field once.'],
    [['$n:raw', 'x'], { n: 'string' }, bytes, '$n:raw: raw has no length, so it must come last.'],
    [['$n:raw'], { n: 'u8' }, bytes, '$n:raw: raw is for string and bytes.'],
    [['$n:be'], { n: 'string' }, bytes, '$n:be: be is for integers.'],
    [['$n:be'], { n: 'u8' }, cells, '$n:be: a cell tells its own form.'],
    [['0x1'], {}, bytes, '"0x1" is not hexadecimal.'],
  ])('%j', (source, types, form, message) => {
    expect(() => keyPattern(source, fields(types), form)).toThrow(
      expect.objectContaining({ code: 'SUITE_INVALID', message }),
    );
  });
});

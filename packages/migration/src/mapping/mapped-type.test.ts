import { expect, test } from 'vitest';
import { parseType, typeText } from './mapped-type.ts';

test.each([
  'u8',
  'u256',
  'bool',
  'string',
  'bytes',
  'bytes20',
  'address',
  'hash',
  'u64[]',
  'optional<address>',
  '(u8, string[])',
  'map<address, (u64, bool)>',
])('%s is read and written back', (text) => {
  expect(typeText(parseType(text))).toBe(text);
});

test.each([
  ['i8', 'the type "i8" has no type "i8".'],
  ['u64 u8', 'the type "u64 u8" has "u8" after a type.'],
  ['optional<u8', 'the type "optional<u8" needs a ">".'],
  ['map<u8>', 'the type "map<u8>" needs two types in map<…>.'],
  ['', 'the type "" has no type "".'],
  [`${'('.repeat(40)}`, `the type "${'('.repeat(40)}" is nested deeper than 8.`],
])('%s is refused', (text, message) => {
  expect(() => parseType(text)).toThrow(expect.objectContaining({ code: 'SUITE_INVALID', message }));
});

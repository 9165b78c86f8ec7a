import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex, hexToBytes } from '../bytes.ts';
import type { VmError } from '../errors/vm-error.ts';
import { decodeBorsh, encodeBorsh } from './borsh.ts';
import { naturalType } from './natural-type.ts';
import { INTEGER_BITS, type IntegerKind, type TypedValue } from './typed-value.ts';
import { describeType, type ValueType } from './value-type.ts';

const u8 = (value: number): TypedValue => ({ kind: 'u8', value: BigInt(value) });
const text = (value: string): TypedValue => ({ kind: 'string', value });
const object = (...elements: readonly TypedValue[]): TypedValue => ({ kind: 'object', elements });

const examples: readonly (readonly [string, TypedValue, ValueType, string])[] = [
  ['u16', { kind: 'u16', value: 0x1234n }, { kind: 'u16' }, '3412'],
  ['u256', { kind: 'u256', value: 258n }, { kind: 'u256' }, `0201${'00'.repeat(30)}`],
  ['a bool', { kind: 'bool', value: true }, { kind: 'bool' }, '01'],
  ['text', text('hé'), { kind: 'string' }, '0300000068c3a9'],
  ['bytes', { kind: 'bytes', value: Uint8Array.of(1, 2) }, { kind: 'bytes' }, '020000000102'],
  ['an absent optional', { kind: 'null' }, { kind: 'optional', of: { kind: 'u64' } }, '00'],
  ['a present optional', u8(7), { kind: 'optional', of: { kind: 'u8' } }, '0107'],
  ['an array', object(u8(1), u8(2)), { kind: 'array', of: { kind: 'u8' } }, '020000000102'],
  [
    'a tuple',
    object(u8(1), text('')),
    { kind: 'tuple', of: [{ kind: 'u8' }, { kind: 'string' }] },
    '0100000000',
  ],
  ['an enum value', object(u8(1), u8(9)), { kind: 'enum', variants: [[], [{ kind: 'u8' }]] }, '0109'],
  [
    'a map',
    { kind: 'map', entries: [[text('k'), u8(1)]] },
    { kind: 'map', key: { kind: 'string' }, value: { kind: 'u8' } },
    '01000000010000006b01',
  ],
  [
    'a range',
    { kind: 'range', start: { kind: 'u16', value: 1n }, end: { kind: 'u16', value: 2n } },
    { kind: 'range', of: { kind: 'u16' } },
    '01000200',
  ],
  [
    'an opaque value',
    { kind: 'opaque', type: 'Ticket', content: Uint8Array.of(5, 6) },
    { kind: 'opaque', name: 'Ticket', bytes: 2 },
    '0506',
  ],
];

test.each(examples)('%s is encoded without tags, and decoded again', (_what, value, type, hex) => {
  expect(bytesToHex(encodeBorsh(value, type))).toBe(hex);
  expect(decodeBorsh(hexToBytes(hex)!, type)).toEqual(value);
});

test.each([
  ['a bool of 2', { kind: 'bool' }, '02', 'a bool begins with 2.'],
  ['an optional of 3', { kind: 'optional', of: { kind: 'u8' } }, '0301', 'an optional begins with 3.'],
  ['text that is not UTF-8', { kind: 'string' }, '01000000ff', 'a string is not UTF-8.'],
  [
    'a count beyond the bytes',
    { kind: 'array', of: { kind: 'u8' } },
    'ffffffff01',
    '4294967295 elements do not fit 1 bytes.',
  ],
  [
    'many empty tuples',
    { kind: 'array', of: { kind: 'tuple', of: [] } },
    'ffffffff',
    '4294967295 elements do not fit 0 bytes.',
  ],
  ['a variant that is not there', { kind: 'enum', variants: [[]] }, '01', 'there is no variant 1.'],
  ['bytes that follow', { kind: 'u8' }, '0102', '1 bytes follow the value.'],
  ['bytes that are missing', { kind: 'u64' }, '0102', '8 bytes are needed and 2 are left.'],
  ['any', { kind: 'any' }, '00', 'any has no Borsh encoding.'],
] as const)('%s is refused', (_what, type, hex, message) => {
  const decode = () => decodeBorsh(hexToBytes(hex)!, type);
  expect(decode).toThrow(expect.objectContaining({ code: 'VALUE_INVALID', message }));
});

describe('a value of another type', () => {
  test.each([
    [u8(1), { kind: 'u16' }, 'expected u16, found u8.'],
    [{ kind: 'u8', value: 256n }, { kind: 'u8' }, '256 is not a u8.'],
    [object(u8(1)), { kind: 'array', of: { kind: 'bool' } }, 'element 0: expected bool, found u8.'],
    [object(u8(5)), { kind: 'enum', variants: [[]] }, 'expected enum<()>, found an object of 1.'],
    [text('\udc00'), { kind: 'string' }, 'a string is well-formed text.'],
  ] as const)('%o is not written as %o', (value, type, message) => {
    expect(() => encodeBorsh(value, type)).toThrow(
      expect.objectContaining({ code: 'VALUE_INVALID', message }),
    );
  });
});

const integerKinds = Object.keys(INTEGER_BITS) as IntegerKind[];
const { type: anyType } = fc.letrec<{ type: ValueType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<ValueType>({ kind: 'bool' }, { kind: 'string' }, { kind: 'bytes' }),
    fc.constantFrom(...integerKinds).map((kind): ValueType => ({ kind })),
    fc.record({ kind: fc.constant('array' as const), of: tie('type') }),
    fc.record({ kind: fc.constant('optional' as const), of: tie('type') }),
    fc.record({ kind: fc.constant('tuple' as const), of: fc.array(tie('type'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('map' as const), key: tie('type'), value: tie('type') }),
    fc.record({ kind: fc.constant('opaque' as const), name: fc.constant('Ticket'), bytes: fc.nat(4) }),
  ),
}));

test('whatever bytes come, a value or VALUE_INVALID comes out, and the value writes the same bytes', () => {
  fc.assert(
    fc.property(anyType, fc.uint8Array({ maxLength: 40 }), (type, bytes) => {
      let value: TypedValue;
      try {
        value = decodeBorsh(bytes, type);
      } catch (thrown) {
        expect((thrown as VmError).code).toBe('VALUE_INVALID');
        return;
      }
      // An optional in an optional: null stands for both, so that its writing may be shorter.
      if (!describeType(type).includes('optional<optional')) expect(encodeBorsh(value, type)).toEqual(bytes);
    }),
    { seed: 20250920, numRuns: 3_000 },
  );
});

test('a value tells its own type, unless it is an object or map of unlike ones', () => {
  const typeOf = (value: TypedValue): string | undefined => {
    const type = naturalType(value);
    return type && describeType(type);
  };
  expect(typeOf(object(u8(1), u8(2)))).toBe('u8[]');
  expect(typeOf(object(object(text('a')), object(text('b'))))).toBe('string[][]');
  expect(typeOf(object(u8(1), text('a')))).toBeUndefined();
  expect(typeOf({ kind: 'map', entries: [[text('a'), u8(1)]] })).toBe('map<string, u8>');
  expect(typeOf({ kind: 'null' })).toBe('optional<bool>');
});

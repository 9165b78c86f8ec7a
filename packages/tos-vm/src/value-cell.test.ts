import { expect, test } from 'vitest';
import { Primitive } from './primitive.ts';
import { ValueCell } from './value-cell.ts';

const { u8, u64, string } = ValueCell;

test('accessors answer their own kind only', () => {
  const cell = u64(5);
  expect([cell.asU64(), cell.asU8(), cell.asString(), cell.asBool(), cell.asMap()]).toEqual([
    5n,
    ...Array(4),
  ]);
  expect(ValueCell.default(Primitive.u64(5n)).equals(cell)).toBe(true);
  expect(ValueCell.null().isNull).toBe(true);
  expect(
    ValueCell.object([u8(1), string('x')])
      .asObject()
      ?.map(String),
  ).toEqual(['1', 'x']);
});

test.each([
  ['u8 of 256', () => u8(256)],
  ['u64 of −1', () => u64(-1n)],
  ['u64 of a fraction', () => u64(1.5)],
  ['u256 of 2^256', () => ValueCell.u256(2n ** 256n)],
  ['a number that is no longer exact', () => u64(2 ** 60)],
  ['a lone surrogate', () => string('\ud800')],
  ['a range of two types', () => ValueCell.range(Primitive.u8(1), Primitive.u16(2))],
  [
    'nesting beyond 16',
    () => Array.from({ length: 17 }).reduce<ValueCell>((cell) => ValueCell.object([cell]), u8(0)),
  ],
  ['what is no value', () => ValueCell.from({ kind: 'u9', value: 1n } as never)],
])('%s is refused', (_what, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }));
});

test('equality is by kind and content, and a map has no order', () => {
  expect(u8(1).equals(u64(1))).toBe(false);
  const pairs = [
    [string('a'), u8(1)],
    [string('b'), u8(2)],
  ] as const;
  expect(ValueCell.map(pairs).equals(ValueCell.map(pairs.toReversed()))).toBe(true);
  expect(ValueCell.map(pairs).equals(ValueCell.map(pairs.slice(1)))).toBe(false);
  expect(ValueCell.bytes(Uint8Array.of(1)).equals(ValueCell.object([u8(1)]))).toBe(false);
});

test('the text of a value is what contracts print', () => {
  const cells = [
    ValueCell.bool(true),
    ValueCell.range(Primitive.u8(1), Primitive.u8(5)),
    ValueCell.bytes(Uint8Array.of(1, 2)),
    ValueCell.map([[string('k'), ValueCell.null()]]),
    ValueCell.opaque('Hash', Uint8Array.of(0xab)),
  ];
  expect(ValueCell.object(cells).toString()).toBe('[true, 1..5, bytes[[1, 2]], map{k: null}, Hash(ab)]');
});

test('a cell does not change with what it was made from', () => {
  const bytes = Uint8Array.of(1);
  const cell = ValueCell.bytes(bytes);
  bytes[0] = 9;
  cell.asBytes()![0] = 8;
  expect(cell.asBytes()).toEqual(Uint8Array.of(1));
});

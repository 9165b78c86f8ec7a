import { INTEGER_BITS, type IntegerKind, type TypedValue, WireReader } from '@switchyard/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeCell } from '../wire/encode-cell.ts';
import { readCell } from '../wire/read-cell.ts';
import { unmetered } from './box.ts';
import { cellOf, typedOf } from './typed.ts';

const kinds = Object.keys(INTEGER_BITS) as IntegerKind[];
const integer = fc
  .constantFrom(...kinds)
  .chain((kind) => fc.bigInt(0n, (1n << BigInt(INTEGER_BITS[kind])) - 1n).map((value) => ({ kind, value })));
const key = fc.string({ unit: 'grapheme', maxLength: 8 });
const { value: anyValue } = fc.letrec<{ value: TypedValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    integer,
    fc.constant<TypedValue>({ kind: 'null' }),
    fc.boolean().map((value): TypedValue => ({ kind: 'bool', value })),
    key.map((value): TypedValue => ({ kind: 'string', value })),
    fc.uint8Array({ maxLength: 8 }).map((value): TypedValue => ({ kind: 'bytes', value })),
    fc
      .tuple(integer, fc.nat(255))
      .map(([start, end]): TypedValue => ({ kind: 'range', start, end: { ...start, value: BigInt(end) } })),
    fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((content): TypedValue => ({ kind: 'opaque', type: 'Hash', content })),
    fc.array(tie('value'), { maxLength: 4 }).map((elements): TypedValue => ({ kind: 'object', elements })),
    fc.uniqueArray(fc.tuple(key, tie('value')), { maxLength: 4, selector: ([name]) => name }).map(
      (pairs): TypedValue => ({
        kind: 'map',
        entries: pairs.map(([name, value]) => [{ kind: 'string', value: name }, value] as const),
      }),
    ),
  ),
}));

test('a value is the same after its cell, and after the cell’s wire form', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const cell = cellOf(value, unmetered);
      expect(typedOf(cell, unmetered)).toEqual(value);
      expect(typedOf(readCell(new WireReader(encodeCell(cell))), unmetered)).toEqual(value);
    }),
    { seed: 20250920, numRuns: 500 },
  );
});

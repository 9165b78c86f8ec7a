import { INTEGER_BITS, type IntegerKind, MAX_VALUE_DEPTH, type TypedValue } from '@switchyard/core';
import { valueTrap } from '../interpreter/trap.ts';
import { Box, bytesOf, elementsOf, mapOf, opaqueOf, rangeOf, textOf, type WorkMeter } from './box.ts';
import { BOX_WORK } from './copy.ts';
import { Kind } from './kind.ts';
import { integerOf, make } from './make.ts';

const INTEGER_KINDS: Readonly<Record<IntegerKind, Kind>> = {
  u8: Kind.U8,
  u16: Kind.U16,
  u32: Kind.U32,
  u64: Kind.U64,
  u128: Kind.U128,
  u256: Kind.U256,
};
const INTEGER_NAMES: ReadonlyMap<Kind, IntegerKind> = new Map(
  (Object.keys(INTEGER_BITS) as IntegerKind[]).map((name) => [INTEGER_KINDS[name], name]),
);

/** A cell as the border's value: a deep copy, paid as work. @throws Trap MaxDepthReached for a cell nested deeper than 16. */
export function typedOf(box: Box, meter: WorkMeter, depth = 0): TypedValue {
  if (depth > MAX_VALUE_DEPTH) throw valueTrap('MaxDepthReached');
  meter.spend(BOX_WORK);
  switch (box.kind) {
    case Kind.Null:
      return { kind: 'null' };
    case Kind.Boolean:
      return { kind: 'bool', value: box.lo === 1 };
    case Kind.String:
      return { kind: 'string', value: textOf(box) };
    case Kind.Range: {
      const { start, end } = rangeOf(box);
      return { kind: 'range', start: integerValue(start), end: integerValue(end) };
    }
    case Kind.Opaque: {
      const { type, bytes } = opaqueOf(box);
      return { kind: 'opaque', type, content: bytes.slice() };
    }
    case Kind.Bytes: {
      const { bytes } = bytesOf(box);
      meter.spend(bytes.length);
      return { kind: 'bytes', value: bytes.slice() };
    }
    case Kind.Object:
      return { kind: 'object', elements: elementsOf(box).map((each) => typedOf(each, meter, depth + 1)) };
    case Kind.Map: {
      const { keys, values } = mapOf(box);
      const entries = keys.map(
        (key, i) => [typedOf(key, meter, depth + 1), typedOf(values[i]!, meter, depth + 1)] as const,
      );
      return { kind: 'map', entries };
    }
    default:
      return integerValue(box);
  }
}

function integerValue(box: Box): { readonly kind: IntegerKind; readonly value: bigint } {
  return { kind: INTEGER_NAMES.get(box.kind)!, value: integerOf(box) };
}

/** The cell of a well-formed value (`misfit`): a deep copy, paid as work. A key that a map has already keeps its place and first form. */
export function cellOf(value: TypedValue, meter: WorkMeter): Box {
  meter.spend(BOX_WORK);
  switch (value.kind) {
    case 'null':
      return new Box();
    case 'bool':
      return make.boolean(value.value);
    case 'string':
      meter.spend(value.value.length);
      return make.string(value.value);
    case 'range':
      return make.range(cellOf(value.start, meter), cellOf(value.end, meter));
    case 'opaque':
      return make.opaque({ type: value.type, bytes: value.content.slice() });
    case 'bytes':
      meter.spend(value.value.length);
      return make.bytes(value.value.slice());
    case 'object':
      return make.object(value.elements.map((each) => cellOf(each, meter)));
    case 'map':
      return make.map(
        value.entries.map(([key, inner]) => [cellOf(key, meter), cellOf(inner, meter)] as const),
      );
    default:
      return make.integer(INTEGER_KINDS[value.kind], value.value);
  }
}

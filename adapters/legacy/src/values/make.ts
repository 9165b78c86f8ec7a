import { Box, ByteVector, type RangeValue } from './box.ts';
import { bitsOf, Kind } from './kind.ts';
import { LegacyMap } from './legacy-map.ts';
import type { Opaque } from './opaque.ts';
import { utf8Length } from './text.ts';

/** Makes `box` null. */
export function setNull(box: Box): void {
  box.kind = Kind.Null;
  box.ref = undefined;
}

/** Makes `box` a bool. */
export function setBoolean(box: Box, value: boolean): void {
  box.kind = Kind.Boolean;
  box.lo = value ? 1 : 0;
  box.hi = 0;
}

/** Makes `box` an integer of at most 32 bits. */
export function setSmall(box: Box, kind: Kind, value: number): void {
  box.kind = kind;
  box.lo = value | 0;
  box.hi = 0;
}

/** Makes `box` an integer of any kind; `value` is cut to its width. */
export function setInteger(box: Box, kind: Kind, value: bigint): void {
  if (kind >= Kind.U128) {
    box.ref = BigInt.asUintN(bitsOf(kind), value);
  } else {
    const low = BigInt.asUintN(bitsOf(kind), value);
    box.lo = Number(low & 0xffff_ffffn) | 0;
    box.hi = Number(low >> 32n) | 0;
  }
  box.kind = kind;
}

/** Makes `box` a string of known UTF-8 length. */
export function setString(box: Box, text: string, byteLength: number = utf8Length(text)): void {
  box.kind = Kind.String;
  box.lo = byteLength;
  box.ref = text;
}

/** Makes `box` an Object that owns `elements`. */
export function setObject(box: Box, elements: Box[]): void {
  box.kind = Kind.Object;
  box.ref = elements;
}

/** Makes `box` Bytes that own `data`. */
export function setBytes(box: Box, data: Uint8Array): void {
  box.kind = Kind.Bytes;
  box.ref = new ByteVector(data);
}

/** Makes `box` an opaque value. */
export function setOpaque(box: Box, opaque: Opaque): void {
  box.kind = Kind.Opaque;
  box.ref = opaque;
}

/** An integer's value. */
export function integerOf(box: Box): bigint {
  if (box.kind === Kind.U128 || box.kind === Kind.U256) return box.ref as bigint;
  if (box.kind === Kind.U64 && box.hi !== 0) return (BigInt(box.hi >>> 0) << 32n) | BigInt(box.lo >>> 0);
  return BigInt(box.lo >>> 0);
}

/** Boxes by kind, for decoders, natives and tests. */
export const make = {
  null: (): Box => new Box(),
  boolean(value: boolean): Box {
    const box = new Box();
    setBoolean(box, value);
    return box;
  },
  integer(kind: Kind, value: bigint): Box {
    const box = new Box();
    setInteger(box, kind, value);
    return box;
  },
  u8(value: number): Box {
    const box = new Box();
    setSmall(box, Kind.U8, value);
    return box;
  },
  string(text: string): Box {
    const box = new Box();
    setString(box, text);
    return box;
  },
  bytes(data: Uint8Array): Box {
    const box = new Box();
    setBytes(box, data);
    return box;
  },
  object(elements: Box[]): Box {
    const box = new Box();
    setObject(box, elements);
    return box;
  },
  map(entries: Iterable<readonly [Box, Box]>): Box {
    const map = new LegacyMap();
    for (const [key, value] of entries) map.insert(key, value);
    const box = new Box();
    box.kind = Kind.Map;
    box.ref = map;
    return box;
  },
  range(start: Box, end: Box): Box {
    const box = new Box();
    box.kind = Kind.Range;
    box.ref = { start, end } satisfies RangeValue;
    return box;
  },
  opaque(opaque: Opaque): Box {
    const box = new Box();
    setOpaque(box, opaque);
    return box;
  },
};

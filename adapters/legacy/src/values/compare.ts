import { equalBytes } from '@switchyard/core';
import {
  type Box,
  bytesOf,
  elementsOf,
  mapOf,
  opaqueOf,
  rangeOf,
  textOf,
  unmetered,
  type WorkMeter,
} from './box.ts';
import { Kind } from './kind.ts';
import { compareText } from './text.ts';

/** Equality of two cells (spec §1.3): same variants, equal content; the order of a map's entries does not matter. */
export function equalCells(a: Box, b: Box, meter: WorkMeter = unmetered): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case Kind.Null:
      return true;
    case Kind.U128:
    case Kind.U256:
    case Kind.String:
      return a.ref === b.ref;
    case Kind.Range:
      return equalCells(rangeOf(a).start, rangeOf(b).start) && equalCells(rangeOf(a).end, rangeOf(b).end);
    case Kind.Opaque:
      return opaqueOf(a).type === opaqueOf(b).type && equalBytes(opaqueOf(a).bytes, opaqueOf(b).bytes);
    case Kind.Bytes:
      return equalBytes(bytesOf(a).bytes, bytesOf(b).bytes);
    case Kind.Object:
      return equalLists(elementsOf(a), elementsOf(b), meter);
    case Kind.Map:
      return equalMaps(a, b, meter);
    default:
      return a.lo === b.lo && a.hi === b.hi;
  }
}

function equalLists(a: readonly Box[], b: readonly Box[], meter: WorkMeter): boolean {
  if (a.length !== b.length) return false;
  meter.spend(16 * a.length);
  for (let i = 0; i < a.length; i++) if (!equalCells(a[i]!, b[i]!, meter)) return false;
  return true;
}

function equalMaps(a: Box, b: Box, meter: WorkMeter): boolean {
  const left = mapOf(a);
  const right = mapOf(b);
  if (left.size !== right.size) return false;
  meter.spend(64 * left.size);
  return left.keys.every((key, index) => {
    const other = right.get(key);
    return other !== undefined && equalCells(left.values[index]!, other, meter);
  });
}

/** Order of two cells: negative, 0 or positive; undefined for kinds that have none or differ (spec §1.3). */
export function compareCells(a: Box, b: Box): number | undefined {
  if (a.kind !== b.kind) return undefined;
  switch (a.kind) {
    case Kind.U8:
    case Kind.U16:
    case Kind.U32:
    case Kind.U64:
    case Kind.Boolean:
      return a.hi === b.hi ? (a.lo >>> 0) - (b.lo >>> 0) : (a.hi >>> 0) - (b.hi >>> 0);
    case Kind.U128:
    case Kind.U256: {
      const left = a.ref as bigint;
      const right = b.ref as bigint;
      return left < right ? -1 : left > right ? 1 : 0;
    }
    case Kind.String:
      return compareText(textOf(a), textOf(b));
    default:
      return undefined;
  }
}

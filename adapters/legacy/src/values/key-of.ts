import { bytesToHex } from '@switchyard/core';
import { type Box, bytesOf, elementsOf, mapOf, opaqueOf, rangeOf, textOf } from './box.ts';
import { Kind } from './kind.ts';

const HALF = 0x1_0000_0000;
/** Marks a key that is not a contract's own string: strings of contracts are well-formed, this lone surrogate is not. */
const MARK = '\ud800';

/**
 * A JavaScript value that is equal for two cells exactly when both are one map key (spec §1.3): content and kinds, and the order of
 * entries of a map inside. Small integers are numbers, `value · 8 + kind`, and strings stand for themselves: both are fast to look up.
 */
export function keyOf(box: Box): string | number {
  switch (box.kind) {
    case Kind.U8:
    case Kind.U16:
    case Kind.U32:
    case Kind.Boolean:
      return (box.lo >>> 0) * 8 + box.kind;
    case Kind.U64: {
      const high = box.hi >>> 0;
      if (high < 0x2_0000) return (high * HALF + (box.lo >>> 0)) * 8 + Kind.U64;
      return `${MARK}${high},${box.lo >>> 0}`;
    }
    case Kind.String:
      return textOf(box);
    default:
      return MARK + describeKey(box);
  }
}

function describeKey(box: Box): string {
  switch (box.kind) {
    case Kind.Null:
      return 'n';
    case Kind.U128:
    case Kind.U256:
      return `${box.kind}:${(box.ref as bigint).toString(16)}`;
    case Kind.String:
      return `"${textOf(box).length}:${textOf(box)}`;
    case Kind.Range:
      return `(${describeKey(rangeOf(box).start)};${describeKey(rangeOf(box).end)})`;
    case Kind.Opaque:
      return `${opaqueOf(box).type}:${bytesToHex(opaqueOf(box).bytes)}`;
    case Kind.Bytes:
      return `b${bytesToHex(bytesOf(box).bytes)}`;
    case Kind.Object:
      return `[${elementsOf(box).map(describeKey).join(';')}]`;
    case Kind.Map: {
      const { keys, values } = mapOf(box);
      return `{${keys.map((key, index) => `${describeKey(key)}=${describeKey(values[index]!)}`).join(';')}}`;
    }
    default:
      return `${box.kind}:${box.hi >>> 0}:${box.lo >>> 0}`;
  }
}

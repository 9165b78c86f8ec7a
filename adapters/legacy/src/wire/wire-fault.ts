import { type Box, bytesOf, elementsOf, mapOf, opaqueOf, rangeOf, textOf } from '../values/box.ts';
import { isInteger, Kind } from '../values/kind.ts';
import { OPAQUE_TAGS, type Opaque, type OpaqueType } from '../values/opaque.ts';
import { MAX_WIRE_DEPTH } from './read-cell.ts';

/** Longest string and range proof in bytes: their length is a u16. */
const MAX_U16_LENGTH = 0xffff;

const LENGTHS: Readonly<Partial<Record<OpaqueType, number>>> = {
  Hash: 32,
  Address: 34,
  Signature: 64,
  Ciphertext: 64,
  CiphertextValidityProof: 160,
};

/**
 * Why a cell's wire form would not be read back as the same cell, as a phrase: `element 2: a string of 70000 bytes; at most 65535 can be
 * written`; undefined when it would. The reference's writer knows no such thing: it cuts lengths and leaves out what it cannot write, so
 * that what follows is read as other cells (spec §2.3). Whoever writes a cell for a reader to trust asks here first.
 */
export function wireFault(box: Box, depth = 0): string | undefined {
  if (depth > MAX_WIRE_DEPTH) return `nesting deeper than ${MAX_WIRE_DEPTH}`;
  switch (box.kind) {
    case Kind.String:
      return faultOfText(textOf(box), box.lo);
    case Kind.Range: {
      const { start, end } = rangeOf(box);
      return isInteger(start.kind) && start.kind === end.kind
        ? undefined
        : 'a range whose ends are not integers of one type';
    }
    case Kind.Opaque:
      return faultOfOpaque(opaqueOf(box));
    case Kind.Bytes: {
      const { length } = bytesOf(box);
      return length > 0xffff_ffff ? `${length} bytes; at most ${0xffff_ffff} can be written` : undefined;
    }
    case Kind.Object:
      return faultOfAll(elementsOf(box), 'element', depth);
    case Kind.Map: {
      const { keys, values } = mapOf(box);
      return faultOfAll(keys, 'key', depth) ?? faultOfAll(values, 'value', depth);
    }
    case Kind.Pointer:
      return 'a pointer';
    default:
      return undefined;
  }
}

function faultOfAll(boxes: readonly Box[], what: string, depth: number): string | undefined {
  for (let i = 0; i < boxes.length; i++) {
    const fault = wireFault(boxes[i]!, depth + 1);
    if (fault !== undefined) return `${what} ${i}: ${fault}`;
  }
  return undefined;
}

function faultOfText(text: string, bytes: number): string | undefined {
  if (bytes > MAX_U16_LENGTH) return `a string of ${bytes} bytes; at most ${MAX_U16_LENGTH} can be written`;
  return /\p{Surrogate}/u.test(text) ? 'a string that is not well-formed' : undefined;
}

function faultOfOpaque({ type, bytes }: Opaque): string | undefined {
  if (!OPAQUE_TAGS.includes(type)) return `${type} has no wire form`;
  const { length } = bytes;
  if (type === 'RangeProof') {
    if (length > MAX_U16_LENGTH) {
      return `a RangeProof of ${length} bytes; at most ${MAX_U16_LENGTH} can be written`;
    }
    return length < 288 || length % 32 !== 0
      ? `a RangeProof of ${length} bytes; expected a multiple of 32 from 288`
      : undefined;
  }
  const wanted = LENGTHS[type];
  if (length !== wanted) return `${type} of ${length} bytes; expected ${wanted}`;
  return type === 'Address' && (bytes[0]! > 1 || bytes[33] !== 0)
    ? 'an Address that is not a normal one'
    : undefined;
}

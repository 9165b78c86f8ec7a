import { encodeUtf8, WireWriter } from '@switchyard/core';
import { type Box, bytesOf, elementsOf, mapOf, opaqueOf, rangeOf, textOf } from '../values/box.ts';
import { isPrimitive, Kind } from '../values/kind.ts';
import { integerOf } from '../values/make.ts';
import { OPAQUE_TAGS } from '../values/opaque.ts';
import { toLimbBytes } from '../values/u256.ts';

/**
 * Writes cells in wire form as the reference does (spec §2.3). A cell that `wireFault` finds something wrong with is written so that it
 * reads back as another.
 */
export class CellWriter extends WireWriter {
  cell(box: Box): this {
    if (isPrimitive(box.kind)) return this.u8(0).#primitive(box);
    if (box.kind === Kind.Bytes) {
      const { bytes } = bytesOf(box);
      return this.u8(1).u32(bytes.length).bytes(bytes);
    }
    if (box.kind === Kind.Object) {
      const elements = elementsOf(box);
      this.u8(2).u32(elements.length);
      for (const element of elements) this.cell(element);
      return this;
    }
    const { keys, values } = mapOf(box);
    this.u8(3).u32(keys.length);
    for (let i = 0; i < keys.length; i++) this.cell(keys[i]!).cell(values[i]!);
    return this;
  }

  #primitive(box: Box): this {
    this.u8(box.kind);
    switch (box.kind) {
      case Kind.Null:
        return this;
      case Kind.U8:
      case Kind.Boolean:
        return this.u8(box.lo);
      case Kind.U16:
        return this.u16(box.lo);
      case Kind.U32:
        return this.u32(box.lo);
      case Kind.U64:
        return this.u32(box.hi).u32(box.lo);
      case Kind.U128:
        return this.u64(integerOf(box) >> 64n).u64(integerOf(box) & 0xffff_ffff_ffff_ffffn);
      case Kind.U256:
        return this.bytes(toLimbBytes(integerOf(box)));
      case Kind.String: {
        const bytes = encodeUtf8(textOf(box));
        // The length is cut to 16 bits, as the reference does: a contract's own events and keys have to be the same bytes.
        return this.u16(bytes.length & 0xffff).bytes(bytes);
      }
      case Kind.Range:
        return this.#primitive(rangeOf(box).start).#primitive(rangeOf(box).end);
      default:
        return this.#opaque(box);
    }
  }

  #opaque(box: Box): this {
    const { type, bytes } = opaqueOf(box);
    const tag = OPAQUE_TAGS.indexOf(type);
    // A handle cannot be written; the reference then writes nothing after the primitive's tag.
    if (tag < 0) return this;
    this.u8(tag);
    if (type === 'RangeProof') this.u16(bytes.length);
    return this.bytes(bytes);
  }
}

/** A cell's wire form as the reference writes it. Its length is the size that fees are computed from (`wsize`). */
export function cellWire(box: Box): Uint8Array {
  if (box.kind === Kind.U64) {
    // What every call returns, without a writer: it showed in the time of small calls.
    const bytes = new Uint8Array(10);
    bytes[1] = Kind.U64;
    for (let i = 0; i < 4; i++) {
      bytes[2 + i] = box.hi >>> (24 - 8 * i);
      bytes[6 + i] = box.lo >>> (24 - 8 * i);
    }
    return bytes;
  }
  return new CellWriter().cell(box).finish();
}

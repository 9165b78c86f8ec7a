import type { WireReader } from '@switchyard/core';
import { type Box, mapOf } from '../values/box.ts';
import { isInteger, Kind } from '../values/kind.ts';
import { make } from '../values/make.ts';
import { OPAQUE_TAGS, type Opaque } from '../values/opaque.ts';
import { fromLimbBytes } from '../values/u256.ts';

/**
 * Deepest nesting that the reader takes. The reference has no limit and dies of deep input; the validator takes 16, so what lies
 * between differs from the reference only in the error's name.
 */
export const MAX_WIRE_DEPTH = 1000;

/** Reads one cell. @throws WireError. */
export function readCell(reader: WireReader, depth = 0): Box {
  if (depth > MAX_WIRE_DEPTH) throw reader.invalid(`nesting deeper than ${MAX_WIRE_DEPTH}`);
  const tag = reader.u8();
  switch (tag) {
    case 0:
      return readPrimitive(reader, depth);
    case 1:
      return make.bytes(reader.bytes(reader.u32()));
    case 2: {
      const count = reader.u32();
      const elements: Box[] = [];
      for (let i = 0; i < count; i++) elements.push(readCell(reader, depth + 1));
      return make.object(elements);
    }
    case 3: {
      const count = reader.u32();
      const box = make.map([]);
      const map = mapOf(box);
      for (let i = 0; i < count; i++) {
        const key = readCell(reader, depth + 1);
        map.insert(key, readCell(reader, depth + 1));
      }
      return box;
    }
    default:
      throw reader.invalid(`cell tag ${tag}`);
  }
}

function readPrimitive(reader: WireReader, depth: number): Box {
  if (depth > MAX_WIRE_DEPTH) throw reader.invalid(`nesting deeper than ${MAX_WIRE_DEPTH}`);
  const tag: Kind = reader.u8();
  switch (tag) {
    case Kind.Null:
      return make.null();
    case Kind.U8:
      return make.integer(tag, BigInt(reader.u8()));
    case Kind.U16:
      return make.integer(tag, BigInt(reader.u16()));
    case Kind.U32:
      return make.integer(tag, BigInt(reader.u32()));
    case Kind.U64:
      return make.integer(tag, reader.u64());
    case Kind.U128:
      return make.integer(tag, reader.u128());
    case Kind.U256:
      return make.integer(tag, fromLimbBytes(reader.bytes(32)));
    case Kind.Boolean:
      return make.boolean(reader.boolean());
    case Kind.String:
      return make.string(reader.text(reader.u16()));
    case Kind.Range: {
      const start = readPrimitive(reader, depth + 1);
      const end = readPrimitive(reader, depth + 1);
      if (!isInteger(start.kind) || start.kind !== end.kind) throw reader.invalid('ends of a range');
      return make.range(start, end);
    }
    case Kind.Opaque:
      return make.opaque(readOpaque(reader));
    default:
      throw reader.invalid(`primitive tag ${tag}`);
  }
}

function readOpaque(reader: WireReader): Opaque {
  const tag = reader.u8();
  const type = OPAQUE_TAGS[tag];
  switch (type) {
    case 'Hash':
      return { type, bytes: reader.bytes(32) };
    case 'Address':
      return { type, bytes: readAddress(reader) };
    case 'Signature':
    case 'Ciphertext':
      return { type, bytes: reader.bytes(64) };
    case 'CiphertextValidityProof':
      return { type, bytes: reader.bytes(160) };
    case 'RangeProof': {
      const length = reader.u16();
      if (length % 32 !== 0 || length < 288) throw reader.invalid(`length ${length} of a range proof`);
      return { type, bytes: reader.bytes(length) };
    }
    default:
      throw reader.invalid(`opaque tag ${tag}`);
  }
}

/** bool mainnet, 32-byte key, kind. The data of an integrated address is a format of the wallet's and is refused. */
function readAddress(reader: WireReader): Uint8Array {
  const bytes = new Uint8Array(34);
  bytes[0] = reader.boolean() ? 1 : 0;
  bytes.set(reader.bytes(32), 1);
  const kind = reader.u8();
  if (kind !== 0) throw reader.invalid(`address kind ${kind}`);
  return bytes;
}

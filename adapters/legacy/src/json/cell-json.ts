import { bytesToHex, hexToBytes, type JsonValue } from '@switchyard/core';
import { type Box, bytesOf, elementsOf, mapOf, opaqueOf, rangeOf, textOf } from '../values/box.ts';
import { bitsOf, isPrimitive, Kind } from '../values/kind.ts';
import { integerOf, make } from '../values/make.ts';
import { OPAQUE_TAGS, type OpaqueType } from '../values/opaque.ts';
import { JsonError } from './parse-json.ts';

type JsonObject = { readonly [key: string]: JsonValue };

const KIND_NAMES: readonly (readonly [string, Kind])[] = [
  ['u8', Kind.U8],
  ['u16', Kind.U16],
  ['u32', Kind.U32],
  ['u64', Kind.U64],
  ['u128', Kind.U128],
  ['u256', Kind.U256],
];
const KINDS: ReadonlyMap<string, Kind> = new Map(KIND_NAMES);
const NAMES: ReadonlyMap<Kind, string> = new Map(KIND_NAMES.map(([name, kind]) => [kind, name]));

/** A cell in JSON form (spec §2.2). Integers up to 2^53 are numbers, larger ones bigint, u256 decimal text. */
export function cellToJson(box: Box): JsonValue {
  if (isPrimitive(box.kind)) return { type: 'default', value: primitiveToJson(box) };
  if (box.kind === Kind.Bytes) return { type: 'bytes', value: Array.from(bytesOf(box).bytes) };
  if (box.kind === Kind.Object) return { type: 'object', value: elementsOf(box).map(cellToJson) };
  const { keys, values } = mapOf(box);
  return { type: 'map', value: keys.map((key, i) => [cellToJson(key), cellToJson(values[i]!)]) };
}

function primitiveToJson(box: Box): JsonValue {
  switch (box.kind) {
    case Kind.Null:
      return { type: 'null' };
    case Kind.Boolean:
      return { type: 'boolean', value: box.lo === 1 };
    case Kind.String:
      return { type: 'string', value: textOf(box) };
    case Kind.Range:
      return {
        type: 'range',
        value: [primitiveToJson(rangeOf(box).start), primitiveToJson(rangeOf(box).end)],
      };
    case Kind.Opaque:
      return {
        type: 'opaque',
        value: { type: opaqueOf(box).type, value: bytesToHex(opaqueOf(box).bytes) },
      };
    case Kind.U256:
      return { type: 'u256', value: integerOf(box).toString() };
    default: {
      const value = integerOf(box);
      const number = Number(value);
      return { type: NAMES.get(box.kind)!, value: Number.isSafeInteger(number) ? number : value };
    }
  }
}

/** The cell of its JSON form. @throws JsonError. */
export function cellFromJson(json: JsonValue | undefined): Box {
  const { type, value } = fieldsOf(json);
  switch (type) {
    case 'default':
      return primitiveFromJson(value);
    case 'bytes':
      return make.bytes(Uint8Array.from(listOf(value), byteOf));
    case 'object':
      return make.object(listOf(value).map(cellFromJson));
    case 'map':
      return make.map(
        listOf(value).map((pair) => {
          const [key, content, ...more] = listOf(pair);
          if (more.length > 0) throw new JsonError('a map entry has two cells');
          return [cellFromJson(key), cellFromJson(content)] as const;
        }),
      );
    default:
      throw new JsonError('unknown cell type');
  }
}

function primitiveFromJson(json: JsonValue | undefined): Box {
  const { type, value } = fieldsOf(json);
  const kind = typeof type === 'string' ? KINDS.get(type) : undefined;
  if (kind !== undefined) return make.integer(kind, integerFromJson(kind, value));
  switch (type) {
    case 'null':
      return make.null();
    case 'boolean':
      if (typeof value !== 'boolean') throw new JsonError('expected true or false');
      return make.boolean(value);
    case 'string':
      if (typeof value !== 'string' || /[\ud800-\udfff]/u.test(value)) throw new JsonError('expected text');
      return make.string(value);
    case 'range': {
      const [start, end, ...more] = listOf(value);
      if (more.length > 0) throw new JsonError('a range has two ends');
      return make.range(primitiveFromJson(start), primitiveFromJson(end));
    }
    case 'opaque':
      return opaqueFromJson(value);
    default:
      throw new JsonError('unknown primitive type');
  }
}

function integerFromJson(kind: Kind, value: JsonValue | undefined): bigint {
  if (kind === Kind.U256) {
    if (typeof value !== 'string' || !/^\d*$/.test(value)) throw new JsonError('expected decimal text');
    return BigInt.asUintN(256, BigInt(value));
  }
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw new JsonError('expected an integer');
  const integer = BigInt(value as number | bigint);
  if (integer < 0n || integer >> BigInt(bitsOf(kind)) !== 0n) throw new JsonError('integer out of range');
  return integer;
}

/** Opaque values as hexadecimal of their wire content; the node's own text forms of addresses are not read here. */
function opaqueFromJson(json: JsonValue | undefined): Box {
  const { type, value } = fieldsOf(json);
  const bytes = typeof value === 'string' ? hexToBytes(value) : undefined;
  const known = OPAQUE_TAGS.find((each) => each === type) as OpaqueType | undefined;
  if (known === undefined || bytes === undefined) throw new JsonError('unknown opaque value');
  const lengths: Readonly<Partial<Record<OpaqueType, number>>> = { Hash: 32, Address: 34, Signature: 64 };
  if (lengths[known] !== bytes.length) throw new JsonError(`${known} of ${bytes.length} bytes`);
  return make.opaque({ type: known, bytes });
}

/** The fields of an object. @throws JsonError for anything else. */
export function fieldsOf(json: JsonValue | undefined): JsonObject {
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    throw new JsonError('expected an object');
  return json as JsonObject;
}

/** The items of a list. @throws JsonError for anything else. */
export function listOf(json: JsonValue | undefined): readonly JsonValue[] {
  if (!Array.isArray(json)) throw new JsonError('expected a list');
  return json as readonly JsonValue[];
}

/** A byte. @throws JsonError for anything else. */
export function byteOf(json: JsonValue): number {
  return numberOf(json, 255);
}

/** An integer from 0 to `most`. @throws JsonError for anything else. */
export function numberOf(json: JsonValue, most: number): number {
  if (typeof json !== 'number' || !Number.isInteger(json) || json < 0 || json > most) {
    throw new JsonError(`expected an integer from 0 to ${most}`);
  }
  return json;
}

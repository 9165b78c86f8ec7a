import { bytesToHex } from '@switchyard/core';
import { type Box, bytesOf, elementsOf, mapOf, opaqueOf, rangeOf, textOf } from './box.ts';
import { Kind, typeName } from './kind.ts';
import { integerOf } from './make.ts';
import { limbsOf } from './u256.ts';

/** Text of a cell as `panic` and `println` give it (spec §1.3). */
export function displayCell(box: Box): string {
  switch (box.kind) {
    case Kind.Bytes:
      return `bytes[[${bytesOf(box).bytes.join(', ')}]]`;
    case Kind.Object:
      return `[${elementsOf(box).map(displayCell).join(', ')}]`;
    case Kind.Map: {
      const { keys, values } = mapOf(box);
      return `map{${keys.map((key, index) => `${displayCell(key)}: ${displayCell(values[index]!)}`).join(', ')}}`;
    }
    default:
      return displayPrimitive(box);
  }
}

function displayPrimitive(box: Box): string {
  switch (box.kind) {
    case Kind.Null:
      return 'null';
    case Kind.Boolean:
      return box.lo === 1 ? 'true' : 'false';
    case Kind.String:
      return textOf(box);
    case Kind.Range:
      return `${displayPrimitive(rangeOf(box).start)}..${displayPrimitive(rangeOf(box).end)}`;
    case Kind.Opaque:
      return `${opaqueOf(box).type}(${bytesToHex(opaqueOf(box).bytes)})`;
    default:
      return integerOf(box).toString();
  }
}

/** Text of a cell with kinds, as the specification writes it: `u64:5`, `"x"`, `bytes[1, 2]`, `{k=>v}`. */
export function describeCell(box: Box): string {
  switch (box.kind) {
    case Kind.Bytes:
      return `bytes[${bytesOf(box).bytes.join(', ')}]`;
    case Kind.Object:
      return `[${elementsOf(box).map(describeCell).join(', ')}]`;
    case Kind.Map: {
      const { keys, values } = mapOf(box);
      return `{${keys.map((key, index) => `${describeCell(key)}=>${describeCell(values[index]!)}`).join(', ')}}`;
    }
    case Kind.String:
      return JSON.stringify(textOf(box));
    case Kind.Range:
      return `range(${describeCell(rangeOf(box).start)}..${describeCell(rangeOf(box).end)})`;
    case Kind.Null:
    case Kind.Boolean:
    case Kind.Opaque:
      return displayPrimitive(box);
    default:
      return `${typeName(box.kind).toLowerCase()}:${integerOf(box)}`;
  }
}

/** A primitive in the reference's debug form, as error payloads have it: `U64(3)`, `String("x")`. */
export function debugPrimitive(box: Box): string {
  switch (box.kind) {
    case Kind.Null:
      return 'Null';
    case Kind.Boolean:
      return `Boolean(${box.lo === 1})`;
    case Kind.String:
      return `String(${JSON.stringify(textOf(box))})`;
    case Kind.Range:
      return `Range((${debugPrimitive(rangeOf(box).start)}, ${debugPrimitive(rangeOf(box).end)}))`;
    case Kind.Opaque:
      return `Opaque(${opaqueOf(box).type})`;
    case Kind.Bytes:
    case Kind.Object:
    case Kind.Map:
      return typeName(box.kind);
    case Kind.U256:
      return `U256(U256([${limbsOf(integerOf(box)).join(', ')}]))`;
    default:
      return `${typeName(box.kind)}(${integerOf(box)})`;
  }
}

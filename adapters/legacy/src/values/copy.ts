import { Box, ByteVector, bytesOf, elementsOf, mapOf, type WorkMeter } from './box.ts';
import { Kind } from './kind.ts';
import { LegacyMap } from './legacy-map.ts';

/** What a box counts for when it is made, in bytes. */
export const BOX_WORK = 64;

/** Gives `target` the content of `source`, which the source no longer owns. Neither is a pointer, or both are. */
export function moveInto(target: Box, source: Box): void {
  target.kind = source.kind;
  target.lo = source.lo;
  target.hi = source.hi;
  target.ref = source.ref;
}

/** Gives `target` a deep copy of the content of `source`, which is not a pointer. */
export function copyInto(target: Box, source: Box, meter: WorkMeter): void {
  const { kind } = source;
  target.lo = source.lo;
  target.hi = source.hi;
  target.ref = kind >= Kind.Bytes ? copyContent(source, meter) : source.ref;
  target.kind = kind;
}

/** A new box with a deep copy of the content. */
export function cloneBox(source: Box, meter: WorkMeter): Box {
  const box = new Box();
  copyInto(box, source, meter);
  return box;
}

/** New boxes with deep copies of the given ones. */
export function cloneAll(sources: readonly Box[], meter: WorkMeter): Box[] {
  meter.spend(sources.length * BOX_WORK);
  const copies: Box[] = new Array(sources.length);
  for (let i = 0; i < sources.length; i++) copies[i] = cloneBox(sources[i]!, meter);
  return copies;
}

function copyContent(source: Box, meter: WorkMeter): unknown {
  if (source.kind === Kind.Object) return cloneAll(elementsOf(source), meter);
  if (source.kind === Kind.Bytes) {
    const { bytes } = bytesOf(source);
    meter.spend(bytes.length);
    return new ByteVector(bytes.slice());
  }
  const { keys, values } = mapOf(source);
  meter.spend(4 * keys.length * BOX_WORK);
  const map = new LegacyMap();
  for (let i = 0; i < keys.length; i++) map.insert(cloneBox(keys[i]!, meter), cloneBox(values[i]!, meter));
  return map;
}

/** Moves an owned slot's content, or copies what a pointer slot points to. */
export function takeInto(target: Box, slot: Box, meter: WorkMeter): void {
  if (slot.kind === Kind.Pointer) copyInto(target, slot.ref as Box, meter);
  else moveInto(target, slot);
}

/** The value of a slot in a new box: moved when owned, copied when pointed to. */
export function takeBox(slot: Box, meter: WorkMeter): Box {
  const box = new Box();
  takeInto(box, slot, meter);
  return box;
}

/** A pointer slot becomes an owned copy of what it points to; an owned slot stays. */
export function makeOwned(slot: Box, meter: WorkMeter): void {
  if (slot.kind === Kind.Pointer) copyInto(slot, slot.ref as Box, meter);
}

import { type Box, bytesOf, elementsOf, mapOf, rangeOf } from './box.ts';
import { isPrimitive, Kind } from './kind.ts';

const SIZES: readonly number[] = [1, 1, 2, 4, 8, 16, 32, 1, 8, 16, 8];

/** Size of a primitive in bytes of charged memory (spec §1.2, `psize`). */
export function primitiveSize(box: Box): number {
  const size = SIZES[box.kind]!;
  if (box.kind === Kind.String) return size + box.lo;
  if (box.kind !== Kind.Range) return size;
  return size + primitiveSize(rangeOf(box).start) + primitiveSize(rangeOf(box).end);
}

/** Told what the walk had counted when it passed the limit. */
export type MemoryExceeded = (counted: number, limit: number) => never;

/**
 * Charged memory of a cell (spec §1.6, `mem`). The walk takes the last cell first and fails when what it has counted before a cell is
 * above the limit; so the last cell may pass it, and a primitive never fails.
 */
export function measure(cell: Box, limit: number, exceeded: MemoryExceeded): number {
  if (isPrimitive(cell.kind)) return primitiveSize(cell);
  let total = 0;
  const pending: Box[] = [cell];
  for (let box = pending.pop(); box !== undefined; box = pending.pop()) {
    if (total > limit) exceeded(total, limit);
    switch (box.kind) {
      case Kind.Object: {
        total += 32;
        const elements = elementsOf(box);
        for (let i = 0; i < elements.length; i++) pending.push(elements[i]!);
        break;
      }
      case Kind.Bytes:
        total += 32 + bytesOf(box).length;
        break;
      case Kind.Map: {
        total += 64;
        const { keys, values } = mapOf(box);
        for (let i = 0; i < keys.length; i++) pending.push(keys[i]!, values[i]!);
        break;
      }
      default:
        total += 1 + primitiveSize(box);
    }
  }
  return total;
}

/**
 * True when the cell is nested deeper than `limit` (spec §1.6, `depth`). A primitive is never too deep. Keys of a map count only where
 * `withKeys` says so, which the validator does and the machine does not.
 */
export function isDeeperThan(cell: Box, limit: number, withKeys: boolean): boolean {
  if (isPrimitive(cell.kind)) return false;
  const pending: Box[] = [cell];
  const depths: number[] = [0];
  for (let box = pending.pop(); box !== undefined; box = pending.pop()) {
    const depth = depths.pop()!;
    if (depth > limit) return true;
    if (box.kind === Kind.Object) {
      for (const element of elementsOf(box)) {
        pending.push(element);
        depths.push(depth + 1);
      }
    } else if (box.kind === Kind.Map) {
      const { keys, values } = mapOf(box);
      for (const child of withKeys ? [...keys, ...values] : values) {
        pending.push(child);
        depths.push(depth + 1);
      }
    }
  }
  return false;
}

/** Charged memory without a limit. */
export function unmeteredMeasure(cell: Box): number {
  return measure(cell, Number.POSITIVE_INFINITY, neverExceeded);
}

function neverExceeded(): never {
  throw new Error('an infinite limit cannot be exceeded');
}

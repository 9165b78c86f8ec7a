import type { JsonValue, VectorObservation } from '@switchyard/core';

/** Fields of `expect` that inform and are not compared. */
const INFORMING: ReadonlySet<string> = new Set(['detail', 'errorDetail']);

/** How an observation agrees with what was expected. */
export interface Comparison {
  /** Null when `expect` has no field to compare. */
  readonly pass: boolean | null;
  /** Names of the fields that differ. */
  readonly diff: readonly string[];
}

/** Compares every field that `expect` has, is not null, informs more than it asks, and can be observed by the tier. */
export function compareVector(
  expect: { readonly [key: string]: JsonValue },
  { native, notCompared = [] }: VectorObservation,
): Comparison {
  const fields = Object.keys(expect).filter(
    (field) => expect[field] !== null && !INFORMING.has(field) && !notCompared.includes(field),
  );
  const diff = fields.filter((field) => !sameJson(expect[field], native[field]));
  return { pass: fields.length === 0 ? null : diff.length === 0, diff };
}

/** Equality of JSON values; an integer is the same as number and as bigint. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (typeof a === 'bigint' || typeof b === 'bigint')
    return isNumeric(a) && isNumeric(b) && isSameNumber(a, b);
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keysA = Object.keys(a);
  const keysB = Object.keys(b);
  if (keysA.length !== keysB.length) return false;
  const left = a as { readonly [key: string]: JsonValue };
  const right = b as { readonly [key: string]: JsonValue };
  return keysA.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]));
}

function isNumeric(value: JsonValue | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Neither below nor above: comparison between number and bigint is exact, and fractions are allowed. */
function isSameNumber(a: number | bigint, b: number | bigint): boolean {
  return !(a < b) && !(a > b);
}

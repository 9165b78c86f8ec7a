import type { VectorObservation } from '@switchyard/core';
import type { FieldDifference } from './suite.ts';

/** Every field in which a tier's observation of a vector is not the reference's, but those that the tier cannot observe. */
export function compareObservations(
  reference: VectorObservation,
  other: VectorObservation,
): readonly FieldDifference[] {
  const { native: wanted, notCompared: _, tier: __, ...common } = reference;
  const skipped = other.notCompared ?? [];
  const found: FieldDifference[] = [];
  const compare = (field: string, left: unknown, right: unknown): void => {
    if (skipped.includes(field) || left === right) return;
    const [leftText, rightText] = [textOf(left), textOf(right)];
    if (leftText !== rightText) found.push({ field, reference: leftText, other: rightText });
  };
  for (const field of new Set([...Object.keys(wanted), ...Object.keys(other.native)])) {
    compare(field, wanted[field], other.native[field]);
  }
  for (const [field, value] of Object.entries(common))
    compare(field, value, other[field as keyof typeof common]);
  return found;
}

/** A value as text in which equal values are equal. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part)) ?? 'absent';
}

/** The differences of what `run` gives; what it throws, which nothing may, is one. */
export function differencesOf<T>(
  run: () => T,
  compare: (other: T) => readonly FieldDifference[],
): readonly FieldDifference[] {
  let other: T;
  try {
    other = run();
  } catch (thrown) {
    return [{ field: 'thrown', reference: 'nothing', other: String((thrown as Error).stack ?? thrown) }];
  }
  return compare(other);
}

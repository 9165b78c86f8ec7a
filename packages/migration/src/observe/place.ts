import type { Canonical } from '../mapping/canonical.ts';

/** `name["a","2"]`: how messages write a slot, or anything else with fields. */
export function placeOf(name: string, fields: readonly Canonical[]): string {
  return fields.length === 0 ? name : `${name}${JSON.stringify(fields)}`;
}

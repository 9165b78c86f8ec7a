import { bytesToHex } from '@switchyard/core';

/** A value as answers have it: bigints as decimal text, bytes as hexadecimal, undefined as null. */
export function toWire(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(toWire);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toWire(field)]));
}

import { bytesToHex, formatLocation } from '@switchyard/core';
import type { TraceEvent } from './trace-event.ts';

/** An event as one line of JSON: bytes as hexadecimal, bigints as decimal text, a source as `file:line`. */
export function toJsonLine(event: TraceEvent): string {
  const { type, depth, source, ...rest } = event;
  const place = source === undefined ? {} : { source: formatLocation(source) };
  return JSON.stringify({ type, depth, ...rest, ...place }, (_, value: unknown) => {
    if (typeof value === 'bigint') return value.toString();
    return value instanceof Uint8Array ? bytesToHex(value) : value;
  });
}

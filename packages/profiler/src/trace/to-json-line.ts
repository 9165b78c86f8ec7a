import { bytesToHex, formatLocation, jsonText } from '@switchyard/core';
import type { TraceEvent } from './trace-event.ts';

/** An event as one line of JSON: bytes as hexadecimal, bigints as decimal text, a source as `file:line`. */
export function toJsonLine(event: TraceEvent): string {
  const { type, depth, source, ...rest } = event;
  const line: Record<string, unknown> = { type, depth };
  for (const [name, value] of Object.entries(rest)) line[name] = plain(value);
  if (source !== undefined) line['source'] = formatLocation(source);
  return jsonText(line);
}

/** Not by a function given to JSON.stringify: with registers that took twice as long as all the rest of a line. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

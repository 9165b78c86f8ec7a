import { bytesToHex } from '../bytes.ts';

/** JSON text of options with sorted keys; bigint and bytes are marked, undefined and functions are left out. Equal options, equal text. */
export function stableJson(value: unknown): string {
  if (typeof value === 'bigint') return `"${value}n"`;
  if (value instanceof Uint8Array) return `"0x${bytesToHex(value)}"`;
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined && typeof member !== 'function')
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, member]) => `${JSON.stringify(name)}:${stableJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

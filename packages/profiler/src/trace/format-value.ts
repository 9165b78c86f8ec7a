import { bytesToHex, decodeUtf8, printable, type SyscallArgument } from '@switchyard/core';

/** Bytes as text in quotes where they are text, else as hexadecimal; `… of N bytes` where there are more. */
export function formatBytes(bytes: Uint8Array, length: bigint | number = bytes.length): string {
  const text = bytes.length === 0 ? '' : decodeUtf8(bytes);
  const isText = text !== undefined && /^[\x20-\x7e]*$/.test(text);
  const shown = isText ? `"${text.replace(/["\\]/g, '\\$&')}"` : `0x${bytesToHex(bytes)}`;
  return BigInt(length) > BigInt(bytes.length) ? `${shown}… of ${length} bytes` : shown;
}

/** From here on a number is rather an address of the machine. */
const ADDRESSES = 0x1_0000_0000n;

/** `key="value"`, `outLen=8`, `out=0x200000ff8`. */
export function formatArgument({ name, value, bytes, length }: SyscallArgument): string {
  if (bytes !== undefined) return `${name}=${formatBytes(bytes, length)}`;
  if (typeof value === 'string') return `${name}=${printable(value)}`;
  return `${name}=${value >= ADDRESSES ? `0x${value.toString(16)}` : value}`;
}

/** What a syscall gave back. */
export function formatResult(value: bigint | string): string {
  return typeof value === 'string' ? printable(value) : `${value}`;
}

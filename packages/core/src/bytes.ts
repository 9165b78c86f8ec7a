/** 32 zero bytes: the address "nobody" and the identifier of the chain's native asset. Never write to it. */
export const ZERO_32: Uint8Array = new Uint8Array(32);

/** The native asset's identifier: 32 zero bytes (tos-syscalls.md B: "null pointer 0 = the native asset"). */
export const NATIVE_ASSET: Uint8Array = ZERO_32;

/** Largest unsigned 64-bit integer: the bound of gas, balances and heights at the border. */
export const MAX_U64 = 0xffff_ffff_ffff_ffffn;

const HEX_DIGITS = '0123456789abcdef';

/** Lower-case hexadecimal text of `bytes`, without a prefix. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX_DIGITS.charAt(byte >> 4) + HEX_DIGITS.charAt(byte & 15);
  return text;
}

/**
 * Bytes of hexadecimal text, with or without `0x`, in either case.
 * @returns undefined when the text is not an even number of hexadecimal digits.
 */
export function hexToBytes(text: string): Uint8Array | undefined {
  const digits = text.startsWith('0x') ? text.slice(2) : text;
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) return undefined;
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** True when both have the same length and bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Lexicographic order: negative when `a` sorts before `b`, 0 when equal, positive when after. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The arguments' bytes one after another, in a new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

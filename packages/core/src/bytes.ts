/** 32 zero bytes: the address "nobody" and the identifier of the chain's native asset. Never write to it. */
export const ZERO_32: Uint8Array = new Uint8Array(32);

/** The native asset's identifier: 32 zero bytes (tos-syscalls.md B: "null pointer 0 = the native asset"). */
export const NATIVE_ASSET: Uint8Array = ZERO_32;

/** Largest unsigned 64-bit integer: the bound of gas, balances and heights at the border. */
export const MAX_U64 = 0xffff_ffff_ffff_ffffn;

const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal text of `bytes`, without a prefix. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += PAIRS[bytes[i]!]!;
  return text;
}

const NO_DIGIT = 16;

/** Values of hexadecimal digits by character code. */
const DIGITS: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? NO_DIGIT : value;
});

/**
 * Bytes of hexadecimal text, with or without `0x`, in either case.
 * @returns undefined when the text is not an even number of hexadecimal digits.
 */
export function hexToBytes(text: string): Uint8Array | undefined {
  const start = text.startsWith('0x') ? 2 : 0;
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array((text.length - start) / 2);
  for (let i = 0, at = start; i < bytes.length; i++, at += 2) {
    const high = DIGITS[text.charCodeAt(at)] ?? NO_DIGIT;
    const low = DIGITS[text.charCodeAt(at + 1)] ?? NO_DIGIT;
    if (high === NO_DIGIT || low === NO_DIGIT) return undefined;
    bytes[i] = (high << 4) | low;
  }
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

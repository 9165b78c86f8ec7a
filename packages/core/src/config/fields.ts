import { z } from 'zod';
import { hexToBytes, MAX_U64 } from '../bytes.ts';

/** What a field accepts, said in every message about it. */
const U64_TEXT = 'expected an integer from 0 to 2^64 − 1 (a number up to 2^53 − 1, or a decimal string)';

/** A u64: bigint, safe integer or decimal string. */
export const u64 = z.unknown().transform((value, context): bigint => {
  const found =
    typeof value === 'bigint'
      ? value
      : typeof value === 'number' && Number.isSafeInteger(value)
        ? BigInt(value)
        : typeof value === 'string' && /^[0-9]{1,20}$/.test(value)
          ? BigInt(value)
          : undefined;
  if (found !== undefined && found >= 0n && found <= MAX_U64) return found;
  context.addIssue({ code: 'custom', message: U64_TEXT, input: value });
  return z.NEVER;
});

/** 32 bytes from hexadecimal text; 20 bytes are an EVM address and get 12 zero bytes in front. */
export const bytes32 = z.unknown().transform((value, context): Uint8Array => {
  const bytes =
    value instanceof Uint8Array ? value : typeof value === 'string' ? hexToBytes(value) : undefined;
  if (bytes?.length === 32) return bytes;
  if (bytes?.length === 20) {
    const padded = new Uint8Array(32);
    padded.set(bytes, 12);
    return padded;
  }
  context.addIssue({ code: 'custom', message: 'expected 32 bytes as 64 hexadecimal digits', input: value });
  return z.NEVER;
});

/** An integer in a range. */
export function integer(minimum: number, maximum: number) {
  return z.int().min(minimum).max(maximum);
}

/** A percentage. */
export const percent = integer(0, 100);

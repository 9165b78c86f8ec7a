import { MAX_U64 } from '@switchyard/core';
import { z } from 'zod';

/*
 * Fields of requests and answers as JSON has them. No field is transformed: what is checked is what was sent, so that the same schemas make
 * the OpenAPI document and the client's types.
 */

/** 32 bytes as 64 hexadecimal digits, with or without 0x. */
export const bytes32 = z
  .string()
  .regex(/^(?:0x)?[0-9a-fA-F]{64}$/, 'expected 32 bytes as 64 hexadecimal digits')
  .meta({ id: 'Bytes32', description: '32 bytes as 64 hexadecimal digits, with or without 0x.' });

/** Bytes as hexadecimal text, with or without 0x. */
export const hex = z
  .string()
  .regex(/^(?:0x)?(?:[0-9a-fA-F]{2})*$/, 'expected an even number of hexadecimal digits')
  .meta({ id: 'Hex', description: 'Bytes as hexadecimal digits, two a byte, with or without 0x.' });

/** What a u64 accepts, said in every message about one. */
const U64_TEXT =
  'expected an integer from 0 to 2^64 − 1 (a number up to 2^53 − 1, or decimal digits in a string)';

/** A u64: an integer up to 2^53 − 1, or decimal text. */
export const u64 = z
  .union(
    [
      z.int(U64_TEXT).min(0, U64_TEXT),
      z
        .string()
        // One check: zod goes on after a failed pattern, and BigInt throws for what is no number.
        .refine((text) => /^[0-9]{1,20}$/.test(text) && BigInt(text) <= MAX_U64, U64_TEXT)
        .meta({ pattern: '^[0-9]{1,20}$' }),
    ],
    U64_TEXT,
  )
  .meta({
    id: 'U64',
    description: 'An unsigned 64-bit integer: a number up to 2^53 − 1, or decimal digits in a string.',
  });

/** A u64 in an answer: always decimal text, since JSON's numbers end at 2^53. */
export const amount = z
  .string()
  .regex(/^[0-9]+$/)
  .meta({ id: 'Amount', description: 'An unsigned 64-bit integer as decimal digits.' });

/** Bytes in an answer. */
export const bytes = z
  .string()
  .regex(/^(?:[0-9a-f]{2})*$/)
  .meta({ id: 'Bytes', description: 'Bytes as hexadecimal digits without 0x.' });

/** An integer in a range. */
export function integer(minimum: number, maximum: number) {
  return z.int().min(minimum).max(maximum);
}

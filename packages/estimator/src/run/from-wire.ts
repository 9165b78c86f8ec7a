import { hexToBytes, type TransactionRequest, VmError } from '@switchyard/core';

/*
 * From JSON that the schemas have let through to what core takes. The schemas say what a text looks like; core says what it means.
 */

/** Bytes of a checked text. */
export function bytesOf(text: string): Uint8Array {
  const bytes = hexToBytes(text);
  if (bytes === undefined) throw new VmError('REQUEST_INVALID', `"${text.slice(0, 60)}" is not hexadecimal.`);
  return bytes;
}

/** A u64 of a checked number or text. */
export function u64Of(value: number | string): bigint {
  return BigInt(value);
}

/** The block that a request describes, as far as it does. */
export function blockOf(
  given: Readonly<Record<string, number | string | undefined>>,
): NonNullable<TransactionRequest['block']> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    fields[name] = BLOCK_BYTES.has(name)
      ? bytesOf(value as string)
      : name === 'network'
        ? value
        : u64Of(value);
  }
  // A plain chain has one height; who names it means both.
  if (fields['height'] !== undefined) fields['topoheight'] ??= fields['height'];
  return fields;
}

const BLOCK_BYTES: ReadonlySet<string> = new Set(['hash', 'coinbase', 'prevRandao']);

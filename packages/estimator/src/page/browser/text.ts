/** `1,234,567`, of decimal digits. */
export function grouped(digits: string | number): string {
  return `${digits}`.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Part of a whole in thousandths of a percent, exact beyond what a number holds. */
export function percentOf(part: string, whole: string): number {
  const all = BigInt(whole);
  return all === 0n ? 0 : Number((BigInt(part) * 100_000n) / all) / 1000;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text of a contract's making on one line: what would not show as itself, or would turn the text around, is written out. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => NAMED[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** An address with its middle left out; text that is shorter as it is. */
export function shortHex(hex: string): string {
  return hex.length <= 16 ? hex : `${hex.slice(0, 8)}…${hex.slice(-4)}`;
}

/** Bytes as the text that they are; null for other bytes, and for none. */
export function textOfBytes(hex: string): string | null {
  if (hex === '' || !/^(?:[0-9a-f]{2})+$/.test(hex)) return null;
  const bytes = Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return printable(text) === text ? text : null;
  } catch {
    return null;
  }
}

/** Bytes as `"text"` where they are text, else as digits. */
export function shownBytes(hex: string): string {
  const text = textOfBytes(hex);
  return text === null ? hex : `"${text}"`;
}

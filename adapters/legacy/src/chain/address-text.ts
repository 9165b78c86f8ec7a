/** Text of addresses: bech32 with the prefixes `tos` (mainnet) and `tst` (testnet). */

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR: readonly number[] = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function polymod(values: readonly number[]): number {
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ff_ffff) << 5) ^ value;
    for (const [bit, generator] of GENERATOR.entries()) if ((top >>> bit) & 1) checksum ^= generator;
  }
  return checksum;
}

function expandPrefix(prefix: string): number[] {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)];
}

function regroup(values: readonly number[], from: number, to: number, pad: boolean): number[] | undefined {
  let buffer = 0;
  let bits = 0;
  const result: number[] = [];
  for (const value of values) {
    buffer = (buffer << from) | value;
    bits += from;
    while (bits >= to) {
      bits -= to;
      result.push((buffer >>> bits) & ((1 << to) - 1));
    }
    buffer &= (1 << bits) - 1;
  }
  if (pad && bits > 0) result.push((buffer << (to - bits)) & ((1 << to) - 1));
  else if (!pad && (bits >= from || buffer !== 0)) return undefined;
  return result;
}

/** The address of its text, normal addresses only; undefined when it is malformed. */
export function parseAddress(
  text: string,
): { readonly key: Uint8Array; readonly isMainnet: boolean } | undefined {
  const match = /^(tos|tst)1([02-9ac-hj-np-z]+)$/.exec(text);
  if (match === null) return undefined;
  const prefix = match[1]!;
  const values = [...match[2]!].map((character) => CHARSET.indexOf(character));
  if (values.length < 6 || polymod([...expandPrefix(prefix), ...values]) !== 1) return undefined;
  const bytes = regroup(values.slice(0, -6), 5, 8, false);
  if (bytes === undefined || bytes.length !== 33 || bytes[32] !== 0) return undefined;
  return { key: Uint8Array.from(bytes.slice(0, 32)), isMainnet: prefix === 'tos' };
}

/** Text of a normal address. */
export function formatAddress(key: Uint8Array, isMainnet: boolean): string {
  const prefix = isMainnet ? 'tos' : 'tst';
  const values = regroup([...key, 0], 8, 5, true)!;
  const checksum = polymod([...expandPrefix(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (checksum >>> shift) & 31);
  return `${prefix}1${[...values, ...check].map((value) => CHARSET.charAt(value)).join('')}`;
}

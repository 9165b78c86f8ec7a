import {
  type AssetAmount,
  addressFromText,
  type EntryPoint,
  hexToBytes,
  MAX_U64,
  NATIVE_ASSET,
  VmError,
} from '@switchyard/core';

/** A u64 in decimal, `_` allowed between digits. @throws VmError USAGE_INVALID naming the option. */
export function parseU64(text: string, option: string): bigint {
  const value = /^\d[\d_]*$/.test(text) ? BigInt(text.replaceAll('_', '')) : -1n;
  if (value < 0n || value > MAX_U64) throw usage(option, 'a whole number from 0 to 2^64 − 1', text);
  return value;
}

/** A whole number in a range. @throws VmError USAGE_INVALID naming the option. */
export function parseInteger(text: string, option: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw usage(option, `a whole number from ${least} to ${most}`, text);
  return value;
}

/** An address, hash or asset; see `addressFromText`. @throws VmError USAGE_INVALID naming the option. */
export function parseAddress(text: string, option: string): Uint8Array {
  return addressFromText(text) ?? fail(usage(option, '64 hexadecimal digits, or 0x and up to 16', text));
}

/** Hexadecimal bytes. @throws VmError USAGE_INVALID naming the option. */
export function parseHex(text: string, option: string): Uint8Array {
  return hexToBytes(text) ?? fail(usage(option, 'an even number of hexadecimal digits', text));
}

/** An entry point: a number N for `entry_N`, `hook:N` or `hook_N`, or a function's name. */
export function parseEntry(text: string): EntryPoint {
  if (text === 'entrypoint' || text === 'default') return { kind: 'default' };
  const match = /^(?:(entry|hook)[_:])?(0|[1-9]\d*)$/.exec(text);
  if (match === null) return { kind: 'function', name: text };
  const kind = match[1] === 'hook' ? 'hook' : 'entry';
  return { kind, id: parseInteger(match[2]!, '--entry', 0, kind === 'hook' ? 0xff : 0xffff) };
}

/** The N of `hook_N`. @throws VmError USAGE_INVALID. */
export function parseHook(text: string): EntryPoint {
  return { kind: 'hook', id: parseInteger(text, '--hook', 0, 0xff) };
}

/** Units of an asset that an account holds. */
export interface Balance extends AssetAmount {
  readonly address: Uint8Array;
}

/** `ADDRESS=AMOUNT` of native units, or `ADDRESS/ASSET=AMOUNT`. */
export function parseBalance(text: string): Balance {
  const match = /^([^=/]*)(?:\/([^=/]*))?=([^=/]*)$/.exec(text);
  if (match === null) throw usage('--balance', 'ADDRESS=AMOUNT or ADDRESS/ASSET=AMOUNT', text);
  const [, address, asset, amount] = match;
  return {
    address: parseAddress(address!, '--balance'),
    asset: asset === undefined ? NATIVE_ASSET : parseAddress(asset, '--balance'),
    amount: parseU64(amount!, '--balance'),
  };
}

/** `ASSET=AMOUNT`. */
export function parseDeposit(text: string): AssetAmount {
  const match = /^([^=]*)=([^=]*)$/.exec(text);
  if (match === null) throw usage('--deposit', 'ASSET=AMOUNT', text);
  return { asset: parseAddress(match[1]!, '--deposit'), amount: parseU64(match[2]!, '--deposit') };
}

/** The error of an option whose value is not what it takes. */
export function usage(option: string, expected: string, found: string): VmError {
  return new VmError('USAGE_INVALID', `${option}: expected ${expected}, found "${found}".`);
}

function fail(error: VmError): never {
  throw error;
}

import { bytesToHex, type EntryPoint } from '@switchyard/core';

/** An address with its middle left out: enough to tell contracts apart. */
export function shortAddress(address: Uint8Array): string {
  const hex = bytesToHex(address);
  return `${hex.slice(0, 8)}…${hex.slice(-4)}`;
}

/** A count with `_` between thousands, as the command takes numbers, too. */
export function grouped(value: bigint | number): string {
  return `${value}`.replace(/\B(?=(\d{3})+$)/g, '_');
}

/** `12.3%`: tenths of a percent, rounded down; a share of nothing is 0. */
export function percentOf(part: bigint, whole: bigint): string {
  const tenths = whole === 0n ? 0n : (part * 1000n) / whole;
  return `${tenths / 10n}.${tenths % 10n}%`;
}

/** `entry_1`, `hook_0`, `entrypoint`, or a function's name. */
export function entryName(entry: EntryPoint): string {
  switch (entry.kind) {
    case 'default':
      return 'entrypoint';
    case 'function':
      return entry.name;
    default:
      return `${entry.kind}_${entry.id}`;
  }
}

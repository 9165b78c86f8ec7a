import { bytesToHex, type JournaledState, VmError } from '@switchyard/core';
import type { Balance } from '../arguments/parse.ts';

/**
 * Gives an account units out of nothing: the supply of an asset stays as its contract knows it. @throws VmError BALANCE_OVERFLOW.
 */
export function fund(state: JournaledState, { address, asset, amount }: Balance): void {
  if (state.adjustBalance(address, asset, amount)) return;
  throw new VmError(
    'BALANCE_OVERFLOW',
    `${bytesToHex(address)} holds ${state.getBalance(address, asset)}, and ${amount} more exceed 2^64 − 1.`,
  );
}

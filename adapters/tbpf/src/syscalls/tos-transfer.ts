import { NATIVE_ASSET } from '@switchyard/core';
import { transferSyscall } from './transfers.ts';

/** `tos_transfer(recipient, amount)`. */
export const tosTransfer = transferSyscall(
  'tos_transfer',
  'Moves native units from the executing contract.',
  ['recipient', 'amount'],
  () => NATIVE_ASSET,
);

import { readHash } from './support.ts';
import { transferSyscall } from './transfers.ts';

/** `tos_transfer_asset(recipient, amount, asset)`. */
export const tosTransferAsset = transferSyscall(
  'tos_transfer_asset',
  'Moves units of an asset from the executing contract.',
  ['recipient', 'amount', 'asset'],
  (machine) => readHash(machine, 3),
);

import { readHash } from './support.ts';
import type { Syscall } from './syscall.ts';
import { transferFromContract } from './transfer-from-contract.ts';

/** `tos_transfer_asset(recipient, amount, asset)`: moves units of an asset from the executing contract. 500 gas. */
export const tosTransferAsset: Syscall = {
  name: 'tos_transfer_asset',
  run: (machine) => transferFromContract(machine, () => readHash(machine, 3)),
};

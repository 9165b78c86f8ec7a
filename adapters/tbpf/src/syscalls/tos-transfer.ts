import { NATIVE_ASSET } from '@switchyard/core';
import type { Syscall } from './syscall.ts';
import { transferFromContract } from './transfer-from-contract.ts';

/** `tos_transfer(recipient, amount)`: moves native units from the executing contract. 500 gas. */
export const tosTransfer: Syscall = {
  name: 'tos_transfer',
  run: (machine) => transferFromContract(machine, () => NATIVE_ASSET),
};

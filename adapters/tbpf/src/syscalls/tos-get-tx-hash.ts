import { writeHash } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_get_tx_hash(out)`: writes the transaction's hash, 32 bytes. 50 gas. */
export const tosGetTxHash: Syscall = {
  name: 'tos_get_tx_hash',
  run: (machine) => writeHash(machine, tosHostOf(machine).context.tx.hash),
};

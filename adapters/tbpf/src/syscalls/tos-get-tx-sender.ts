import { writeHash } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_get_tx_sender(out)`: writes who signed the transaction, 32 bytes. 50 gas. */
export const tosGetTxSender: Syscall = {
  name: 'tos_get_tx_sender',
  run: (machine) => writeHash(machine, tosHostOf(machine).context.tx.sender),
};

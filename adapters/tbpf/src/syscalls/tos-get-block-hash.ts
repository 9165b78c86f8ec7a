import { writeHash } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_get_block_hash(out)`: writes the block's hash, 32 bytes. 50 gas. */
export const tosGetBlockHash: Syscall = {
  name: 'tos_get_block_hash',
  run: (machine) => writeHash(machine, tosHostOf(machine).context.block.hash),
};

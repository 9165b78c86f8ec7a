import { charge, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_get_block_timestamp()`: the block's time in seconds, never the system clock's. 50 gas. */
export const tosGetBlockTimestamp: Syscall = {
  name: 'tos_get_block_timestamp',
  run: (machine) => charge(machine, 50) ?? succeed(machine, tosHostOf(machine).context.block.timestamp),
};

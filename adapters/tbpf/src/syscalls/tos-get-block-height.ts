import { charge, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_get_block_height()`: the block's height. 50 gas. */
export const tosGetBlockHeight: Syscall = {
  name: 'tos_get_block_height',
  run: (machine) => charge(machine, 50) ?? succeed(machine, tosHostOf(machine).context.block.height),
};

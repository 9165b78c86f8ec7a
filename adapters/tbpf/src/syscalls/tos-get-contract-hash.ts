import { writeHash } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_get_contract_hash(out)`: writes the executing contract, 32 bytes. 50 gas. */
export const tosGetContractHash: Syscall = {
  name: 'tos_get_contract_hash',
  run: (machine) => writeHash(machine, tosHostOf(machine).contract),
};

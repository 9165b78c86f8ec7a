import { NATIVE_ASSET } from '@switchyard/core';
import { charge, isFault, readHash, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_get_balance(address)`: native balance, 0 for an unknown account. 100 gas. */
export const tosGetBalance: Syscall = {
  name: 'tos_get_balance',
  run(machine) {
    const refused = charge(machine, 100);
    if (refused !== undefined) return refused;
    const address = readHash(machine, 1);
    if (isFault(address)) return address;
    return succeed(machine, tosHostOf(machine).state.getBalance(address, NATIVE_ASSET));
  },
};

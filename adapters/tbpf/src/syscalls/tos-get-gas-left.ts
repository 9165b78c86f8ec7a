import { charge, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_get_gas_left()`: units left after paying for the question. 10 gas. */
export const tosGetGasLeft: Syscall = {
  name: 'tos_get_gas_left',
  run(machine) {
    tosHostOf(machine).gasObserved = true;
    return charge(machine, 10) ?? succeed(machine, machine.meter.left);
  },
};

import { succeed } from './support.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_get_gas_left()`. */
export const tosGetGasLeft: TosSyscall = {
  name: 'tos_get_gas_left',
  summary: 'Units left after paying for the question. A contract that asks makes gas estimates a search.',
  parameters: [],
  result: 'units left',
  price: { base: 10 },
  limits: [],
  errors: [],
  run(machine) {
    tosHostOf(machine).gasObserved = true;
    return admit(machine, tosGetGasLeft) ?? succeed(machine, machine.meter.left);
  },
};

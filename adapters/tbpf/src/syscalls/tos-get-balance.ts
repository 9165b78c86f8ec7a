import { NATIVE_ASSET } from '@switchyard/core';
import { isFault, readHash, succeed } from './support.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_get_balance(address)`. */
export const tosGetBalance: TosSyscall = {
  name: 'tos_get_balance',
  summary: 'Balance of the native asset; 0 for an unknown account.',
  parameters: ['address'],
  result: 'the balance',
  price: { base: 100 },
  limits: [],
  errors: [],
  run(machine) {
    const refused = admit(machine, tosGetBalance);
    if (refused !== undefined) return refused;
    const address = readHash(machine, 1);
    if (isFault(address)) return address;
    return succeed(machine, tosHostOf(machine).state.getBalance(address, NATIVE_ASSET));
  },
};

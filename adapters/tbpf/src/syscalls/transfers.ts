import type { Machine } from '../interpreter/machine.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { checkWritable, isFault, readHash, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/**
 * What `tos_transfer` and `tos_transfer_asset` share: after the gas, amount 0 is InvalidAmount; then memory; then the move from the
 * executing contract to the recipient at r1 of the amount in r2.
 */
export function transferSyscall(
  name: string,
  summary: string,
  parameters: readonly string[],
  readAsset: (machine: Machine) => Uint8Array | TbpfNativeError,
): TosSyscall {
  const syscall: TosSyscall = {
    name,
    summary,
    parameters,
    result: '0',
    price: { base: 500 },
    limits: [],
    errors: ['InvalidAmount', 'StaticViolation', 'InsufficientBalance', 'BalanceOverflow'],
    run(machine) {
      const host = tosHostOf(machine);
      const amount = machine.register(2);
      const refused = admit(machine, syscall);
      if (refused !== undefined) return refused;
      if (amount === 0n) return syscallFault('InvalidAmount');
      const recipient = readHash(machine, 1);
      if (isFault(recipient)) return recipient;
      const asset = readAsset(machine);
      if (isFault(asset)) return asset;
      const readOnly = checkWritable(host);
      if (readOnly !== undefined) return readOnly;
      if (host.state.transfer(host.contract, recipient, asset, amount)) return succeed(machine);
      const isShort = host.state.getBalance(host.contract, asset) < amount;
      return syscallFault(isShort ? 'InsufficientBalance' : 'BalanceOverflow');
    },
  };
  return syscall;
}

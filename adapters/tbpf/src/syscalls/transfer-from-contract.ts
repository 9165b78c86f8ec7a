import type { Machine } from '../interpreter/machine.ts';
import type { TbpfNativeError } from '../native-error.ts';
import { charge, checkWritable, isFault, readHash, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/**
 * What `tos_transfer` and `tos_transfer_asset` share: 500 gas, then amount 0 is InvalidAmount, then memory, then the move from the
 * executing contract to the recipient at r1 of the amount in r2.
 */
export function transferFromContract(
  machine: Machine,
  readAsset: () => Uint8Array | TbpfNativeError,
): TbpfNativeError | undefined {
  const host = tosHostOf(machine);
  const amount = machine.register(2);
  const refused = charge(machine, 500);
  if (refused !== undefined) return refused;
  if (amount === 0n) return syscallFault('InvalidAmount');
  const recipient = readHash(machine, 1);
  if (isFault(recipient)) return recipient;
  const asset = readAsset();
  if (isFault(asset)) return asset;
  const readOnly = checkWritable(host);
  if (readOnly !== undefined) return readOnly;
  if (host.state.transfer(host.contract, recipient, asset, amount)) return succeed(machine);
  const isShort = host.state.getBalance(host.contract, asset) < amount;
  return syscallFault(isShort ? 'InsufficientBalance' : 'BalanceOverflow');
}

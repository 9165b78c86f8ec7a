import { charge, checkWritable, isFault, readAssetOrNative, succeed } from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_burn(amount, asset)`: destroys units of the executing contract; the null pointer names the native asset. 500 gas. */
export const tosBurn: Syscall = {
  name: 'tos_burn',
  run(machine) {
    const host = tosHostOf(machine);
    const amount = machine.register(1);
    const refused = charge(machine, 500);
    if (refused !== undefined) return refused;
    if (amount === 0n) return syscallFault('InvalidAmount');
    const asset = readAssetOrNative(machine, 2);
    if (isFault(asset)) return asset;
    const readOnly = checkWritable(host);
    if (readOnly !== undefined) return readOnly;
    return host.state.burn(host.contract, asset, amount)
      ? succeed(machine)
      : syscallFault('InsufficientBalance');
  },
};

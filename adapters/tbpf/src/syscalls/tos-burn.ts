import { checkWritable, isFault, readAssetOrNative, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_burn(amount, asset)`. */
export const tosBurn: TosSyscall = {
  name: 'tos_burn',
  summary: 'Destroys units of the executing contract. The null pointer names the native asset.',
  parameters: ['amount', 'asset'],
  result: '0',
  price: { base: 500 },
  limits: [],
  errors: ['InvalidAmount', 'StaticViolation', 'InsufficientBalance'],
  run(machine) {
    const host = tosHostOf(machine);
    const amount = machine.register(1);
    const refused = admit(machine, tosBurn);
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

import { charge, isFault, readHash, succeed } from './support.ts';
import type { Syscall } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_get_asset_balance(address, asset)`: balance of an asset, 0 where there is none. 100 gas. */
export const tosGetAssetBalance: Syscall = {
  name: 'tos_get_asset_balance',
  run(machine) {
    const refused = charge(machine, 100);
    if (refused !== undefined) return refused;
    const address = readHash(machine, 1);
    if (isFault(address)) return address;
    const asset = readHash(machine, 2);
    if (isFault(asset)) return asset;
    return succeed(machine, tosHostOf(machine).state.getBalance(address, asset));
  },
};

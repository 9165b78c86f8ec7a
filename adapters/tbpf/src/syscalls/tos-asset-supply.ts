import { charge, isFault, readHash, succeed } from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_asset_supply(asset)`: units in existence. 100 gas. */
export const tosAssetSupply: Syscall = {
  name: 'tos_asset_supply',
  run(machine) {
    const refused = charge(machine, 100);
    if (refused !== undefined) return refused;
    const asset = readHash(machine, 1);
    if (isFault(asset)) return asset;
    const record = tosHostOf(machine).state.getAsset(asset);
    return record === undefined ? syscallFault('UnknownAsset') : succeed(machine, record.supply);
  },
};

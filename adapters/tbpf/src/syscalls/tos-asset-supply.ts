import { isFault, readHash, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_asset_supply(asset)`. */
export const tosAssetSupply: TosSyscall = {
  name: 'tos_asset_supply',
  summary: 'Units of an asset in existence.',
  parameters: ['asset'],
  result: 'the supply',
  price: { base: 100 },
  limits: [],
  errors: ['UnknownAsset'],
  run(machine) {
    const refused = admit(machine, tosAssetSupply);
    if (refused !== undefined) return refused;
    const asset = readHash(machine, 1);
    if (isFault(asset)) return asset;
    const record = tosHostOf(machine).state.getAsset(asset);
    return record === undefined ? syscallFault('UnknownAsset') : succeed(machine, record.supply);
  },
};

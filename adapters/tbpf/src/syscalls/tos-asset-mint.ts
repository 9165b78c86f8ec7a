import { equalBytes } from '@switchyard/core';
import { charge, checkWritable, isFault, readHash, succeed } from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

/** `tos_asset_mint(asset, amount, recipient)`: new units; only by the contract that created the asset. 1,000 gas. */
export const tosAssetMint: Syscall = {
  name: 'tos_asset_mint',
  run(machine) {
    const refused = charge(machine, 1000);
    if (refused !== undefined) return refused;
    const asset = readHash(machine, 1);
    if (isFault(asset)) return asset;
    const recipient = readHash(machine, 3);
    if (isFault(recipient)) return recipient;
    const host = tosHostOf(machine);
    const readOnly = checkWritable(host);
    if (readOnly !== undefined) return readOnly;
    const record = host.state.getAsset(asset);
    if (record === undefined) return syscallFault('UnknownAsset');
    if (!equalBytes(record.creator, host.contract)) return syscallFault('NotAssetOwner');
    return host.state.mint(recipient, asset, machine.register(2))
      ? succeed(machine)
      : syscallFault('SupplyExceeded');
  },
};

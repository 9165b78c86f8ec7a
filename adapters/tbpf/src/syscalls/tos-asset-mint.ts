import { equalBytes } from '@switchyard/core';
import { checkWritable, isFault, readHash, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_asset_mint(asset, amount, recipient)`. */
export const tosAssetMint: TosSyscall = {
  name: 'tos_asset_mint',
  summary: 'Makes new units of an asset; only the contract that created it may.',
  parameters: ['asset', 'amount', 'recipient'],
  result: '0',
  price: { base: 1000 },
  limits: [],
  errors: ['StaticViolation', 'UnknownAsset', 'NotAssetOwner', 'SupplyExceeded'],
  run(machine) {
    const refused = admit(machine, tosAssetMint);
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

import { isFault, readHash, succeed } from './support.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_get_asset_balance(address, asset)`. */
export const tosGetAssetBalance: TosSyscall = {
  name: 'tos_get_asset_balance',
  summary: 'Balance of an asset; 0 where there is none.',
  parameters: ['address', 'asset'],
  result: 'the balance',
  price: { base: 100 },
  limits: [],
  errors: [],
  run(machine) {
    const refused = admit(machine, tosGetAssetBalance);
    if (refused !== undefined) return refused;
    const address = readHash(machine, 1);
    if (isFault(address)) return address;
    const asset = readHash(machine, 2);
    if (isFault(asset)) return asset;
    return succeed(machine, tosHostOf(machine).state.getBalance(address, asset));
  },
};

import { assetHash, decodeUtf8 } from '@switchyard/core';
import { checkWritable, fixedRange, HASH_BYTES, isFault, readRange, succeed } from './support.ts';
import { syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';
import { admit, type TosSyscall } from './tos-syscall.ts';

/** `tos_asset_create(name, nameLen, decimals, maxSupply, out)`. */
export const tosAssetCreate: TosSyscall = {
  name: 'tos_asset_create',
  summary:
    'Creates an asset of the executing contract and writes its hash, BLAKE3(contract ‖ name). A maximum supply of 0 means none.',
  parameters: ['name', 'nameLen', 'decimals', 'maxSupply', 'out'],
  result: '0',
  price: { base: 10_000 },
  limits: [
    { register: 2, most: 64, error: 'NameTooLong' },
    { register: 3, most: 18, error: 'InvalidDecimals' },
  ],
  errors: ['InvalidString', 'StaticViolation', 'AssetExists'],
  run(machine) {
    const refused = admit(machine, tosAssetCreate);
    if (refused !== undefined) return refused;
    const nameBytes = readRange(machine, 1, 2);
    if (isFault(nameBytes)) return nameBytes;
    const out = fixedRange(machine, 5, HASH_BYTES, true);
    if (isFault(out)) return out;
    const name = decodeUtf8(nameBytes);
    if (name === undefined) return syscallFault('InvalidString');
    const host = tosHostOf(machine);
    const readOnly = checkWritable(host);
    if (readOnly !== undefined) return readOnly;
    const asset = assetHash(host.contract, name);
    const created = host.state.createAsset(asset, {
      creator: host.contract,
      name,
      decimals: machine.registerNumber(3),
      maxSupply: machine.register(4),
      supply: 0n,
    });
    if (!created) return syscallFault('AssetExists');
    out.set(asset);
    return succeed(machine);
  },
};

import { assetHash, decodeUtf8 } from '@switchyard/core';
import {
  charge,
  checkLength,
  checkWritable,
  fixedRange,
  HASH_BYTES,
  isFault,
  readRange,
  succeed,
} from './support.ts';
import { type Syscall, syscallFault } from './syscall.ts';
import { tosHostOf } from './tos-host.ts';

const MAX_NAME_BYTES = 64;
const MAX_DECIMALS = 18;

/**
 * `tos_asset_create(name, nameLen, decimals, maxSupply, out)`: creates an asset of the executing contract and writes its hash,
 * BLAKE3(contract ‖ name). A maximum of 0 means none. 10,000 gas.
 */
export const tosAssetCreate: Syscall = {
  name: 'tos_asset_create',
  run(machine) {
    const refused =
      checkLength(machine, 2, MAX_NAME_BYTES, 'NameTooLong') ??
      checkLength(machine, 3, MAX_DECIMALS, 'InvalidDecimals') ??
      charge(machine, 10_000);
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

import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, decodeUtf8Lossy, encodeUtf8, equalBytes } from '@switchyard/core';
import type { Machine } from '../interpreter/machine.ts';
import { environmentTrap, expectedType } from '../interpreter/trap.ts';
import { argument, free, method, type Native, requireText, requireU8 } from '../natives/native.ts';
import { Kind } from '../values/kind.ts';
import { integerOf, setBoolean } from '../values/make.ts';
import { type ChainHost, chainHostOf, requireWritable } from './chain-host.ts';
import { giveNull, giveOpaque, giveText, giveU64, on, opaqueArgument, u64Argument } from './opaque-values.ts';

const CREATION_GAS = 100_000_000;

/** What the reference knows of an asset beyond core's record. */
interface AssetExtra {
  readonly id: bigint;
  /** Contract that may mint. */
  readonly owner: Uint8Array;
  readonly ticker: string;
}

/** A key that no contract can write: a cell's wire form begins with 0 to 3. */
function extraKey(asset: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(0xff), asset);
}

function readExtra(host: ChainHost, asset: Uint8Array): AssetExtra | undefined {
  const creator = host.state.getAsset(asset)?.creator;
  const bytes = creator === undefined ? undefined : host.state.getStorage(creator, extraKey(asset));
  if (bytes === undefined || bytes.length < 40) return undefined;
  return {
    id: new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0),
    owner: bytes.slice(8, 40),
    ticker: decodeUtf8Lossy(bytes.subarray(40)),
  };
}

function writeExtra(
  host: ChainHost,
  creator: Uint8Array,
  asset: Uint8Array,
  { id, owner, ticker }: AssetExtra,
): void {
  const idBytes = new Uint8Array(8);
  new DataView(idBytes.buffer).setBigUint64(0, id);
  host.state.setStorage(creator, extraKey(asset), concatBytes(idBytes, owner, encodeUtf8(ticker)));
}

/** BLAKE3(contract ‖ id, u64 big-endian). */
function hashOf(contract: Uint8Array, id: bigint): Uint8Array {
  const idBytes = new Uint8Array(8);
  new DataView(idBytes.buffer).setBigUint64(0, id);
  return blake3(concatBytes(contract, idBytes));
}

function giveAsset(machine: Machine, asset: Uint8Array): true {
  const exists = chainHostOf(machine).state.getAsset(asset) !== undefined;
  return exists ? giveOpaque(machine, 'Asset', asset) : giveNull(machine);
}

function create(machine: Machine, args: number): true {
  const host = chainHostOf(machine);
  const id = u64Argument(machine, args);
  const name = requireText(machine, argument(machine, args + 1));
  const ticker = requireText(machine, argument(machine, args + 2));
  const decimals = requireU8(argument(machine, args + 3));
  const max = argument(machine, args + 4);
  if (max.kind !== Kind.Null && max.kind !== Kind.U64) throw expectedType('U64');
  if (!/^[A-Z0-9]{1,8}$/.test(ticker)) throw environmentTrap('Expect', '("invalid asset ticker")');
  if (name.length > 255 || !/^[A-Za-z0-9](?:[A-Za-z0-9 ]*[A-Za-z0-9])?$/.test(name)) {
    throw environmentTrap('Expect', '("invalid asset name")');
  }
  const asset = hashOf(host.contract, id);
  if (host.state.getAsset(asset) !== undefined) return giveNull(machine);
  machine.gas.charge(CREATION_GAS);
  requireWritable(host);
  const maxSupply = max.kind === Kind.Null ? 0n : integerOf(max);
  const creator = host.contract;
  host.state.createAsset(asset, { creator, name, decimals, maxSupply, supply: 0n });
  writeExtra(host, creator, asset, { id, owner: creator, ticker });
  if (maxSupply > 0n) host.state.mint(creator, asset, maxSupply);
  return giveOpaque(machine, 'Asset', asset);
}

function mint(machine: Machine, asset: Uint8Array, args: number): true {
  const host = chainHostOf(machine);
  const amount = u64Argument(machine, args);
  requireWritable(host);
  const extra = readExtra(host, asset);
  const isOwner = extra !== undefined && equalBytes(extra.owner, host.contract);
  const isOpen = isOwner && host.state.getAsset(asset)?.maxSupply === 0n;
  setBoolean(machine.result, isOpen && host.state.mint(host.contract, asset, amount));
  return true;
}

function transferOwnership(machine: Machine, asset: Uint8Array, args: number): true {
  const host = chainHostOf(machine);
  const owner = opaqueArgument(machine, args, 'Hash');
  requireWritable(host);
  const extra = readExtra(host, asset);
  const isOwner = extra !== undefined && equalBytes(extra.owner, host.contract);
  if (isOwner) writeExtra(host, host.state.getAsset(asset)!.creator, asset, { ...extra, owner });
  setBoolean(machine.result, isOwner);
  return true;
}

/** Natives 189–201. */
export const assetNatives: readonly Native[] = [
  free('Asset.get_by_id', 1, 1000, (machine, _, args) =>
    giveAsset(machine, hashOf(chainHostOf(machine).contract, u64Argument(machine, args))),
  ),
  free('Asset.create', 5, 2500, (machine, _, args) => create(machine, args)),
  free('Asset.get_by_hash', 1, 500, (machine, _, args) =>
    giveAsset(machine, opaqueArgument(machine, args, 'Hash')),
  ),
  method(
    'Asset.get_max_supply',
    0,
    5,
    on('Asset', (machine, asset) => {
      const max = chainHostOf(machine).state.getAsset(asset)?.maxSupply ?? 0n;
      return max === 0n ? giveNull(machine) : giveU64(machine, max);
    }),
  ),
  method(
    'Asset.get_supply',
    0,
    15,
    on('Asset', (machine, asset) =>
      giveU64(machine, chainHostOf(machine).state.getAsset(asset)?.supply ?? 0n),
    ),
  ),
  method(
    'Asset.get_name',
    0,
    5,
    on('Asset', (machine, asset) =>
      giveText(machine, chainHostOf(machine).state.getAsset(asset)?.name ?? ''),
    ),
  ),
  method(
    'Asset.get_ticker',
    0,
    5,
    on('Asset', (machine, asset) => giveText(machine, readExtra(chainHostOf(machine), asset)?.ticker ?? '')),
  ),
  method(
    'Asset.get_hash',
    0,
    5,
    on('Asset', (machine, asset) => giveOpaque(machine, 'Hash', asset)),
  ),
  method('Asset.mint', 1, 500, on('Asset', mint)),
  method(
    'Asset.is_read_only',
    0,
    5,
    on('Asset', (machine, asset) => {
      const host = chainHostOf(machine);
      const extra = readExtra(host, asset);
      setBoolean(machine.result, extra === undefined || !equalBytes(extra.owner, host.contract));
      return true;
    }),
  ),
  method(
    'Asset.get_contract_hash',
    0,
    5,
    on('Asset', (machine, asset) => {
      const owner = readExtra(chainHostOf(machine), asset)?.owner;
      return owner === undefined ? giveNull(machine) : giveOpaque(machine, 'Hash', owner);
    }),
  ),
  method(
    'Asset.get_id',
    0,
    5,
    on('Asset', (machine, asset) => {
      const id = readExtra(chainHostOf(machine), asset)?.id;
      return id === undefined ? giveNull(machine) : giveU64(machine, id);
    }),
  ),
  method('Asset.transfer_ownership', 1, 250, on('Asset', transferOwnership)),
];

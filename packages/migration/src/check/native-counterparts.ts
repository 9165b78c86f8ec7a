/** What a port does where the legacy contract called a native (legacy-stack-vm.md §7, tos-syscalls.md). */
export type Counterpart =
  /** A syscall does it. */
  | { readonly kind: 'syscall'; readonly names: readonly string[] }
  /** The port computes it itself; no host is needed. */
  | { readonly kind: 'code' }
  /** Something like it exists, with a difference that matters. */
  | { readonly kind: 'differs'; readonly names: readonly string[]; readonly note: string }
  /** Nothing does it. */
  | { readonly kind: 'none'; readonly note: string };

const syscall = (...names: string[]): Counterpart => ({ kind: 'syscall', names });
const differs = (note: string, ...names: string[]): Counterpart => ({ kind: 'differs', names, note });
const none = (note: string): Counterpart => ({ kind: 'none', note });

/** By name, or by the part before the dot for all of a type. The longer name wins; what is not listed is plain computation. */
const COUNTERPARTS: Readonly<Record<string, Counterpart>> = {
  'Storage.load': syscall('tos_storage_read'),
  'Storage.has': syscall('tos_storage_read'),
  'Storage.store': differs(
    'it returns nothing; the legacy one returns a cached old value',
    'tos_storage_write',
  ),
  'Storage.delete': syscall('tos_storage_delete'),
  ReadOnlyStorage: differs('another contract’s storage is read by calling it', 'tos_invoke_contract'),
  MemoryStorage: none('nothing is shared by the calls of a block: keep it in storage, or in the call'),
  'Transaction.hash': syscall('tos_get_tx_hash'),
  'Transaction.source': syscall('tos_get_tx_sender'),
  'Transaction.nonce': none('a contract cannot see the nonce'),
  'Transaction.fee': none('a contract cannot see the fee'),
  'Transaction.signature': none('a contract cannot see the signature'),
  'Block.hash': syscall('tos_get_block_hash'),
  'Block.height': syscall('tos_get_block_height'),
  'Block.timestamp': syscall('tos_get_block_timestamp'),
  Block: none('only hash, height and timestamp of the block can be seen'),
  Random: differs('the stream of numbers is another', 'tos_random'),
  'Hash.blake3': syscall('tos_blake3'),
  'Hash.sha256': differs('the legacy one is SHA3-256; tos_sha256 is SHA-256', 'tos_sha256', 'tos_keccak256'),
  'Asset.create': differs('decimals go to 18, and the id is made from contract and name', 'tos_asset_create'),
  'Asset.mint': syscall('tos_asset_mint'),
  'Asset.get_supply': syscall('tos_asset_supply'),
  'Asset.transfer_ownership': none('an asset stays its creator’s'),
  Asset: none('only the supply of an asset can be asked for: keep the rest in storage'),
  get_contract_hash: syscall('tos_get_contract_hash'),
  get_deposit_for_asset: differs(
    'a contract sees no deposits: it compares its balance with what it had',
    'tos_get_balance',
    'tos_get_asset_balance',
  ),
  get_balance_for_asset: syscall('tos_get_balance', 'tos_get_asset_balance'),
  get_account_balance_of: syscall('tos_get_balance', 'tos_get_asset_balance'),
  transfer: differs(
    'it fails the call where the legacy one returns false',
    'tos_transfer',
    'tos_transfer_asset',
  ),
  burn: differs('it fails the call where the legacy one returns false', 'tos_burn'),
  fire_event: syscall('tos_fire_event'),
  println: syscall('tos_log'),
  debug: syscall('tos_log'),
  panic: differs('a port ends with an exit code of its own'),
  assert: differs('a port ends with an exit code of its own'),
  require: differs('a port ends with an exit code of its own'),
  'optional.expect': differs('a port ends with an exit code of its own'),
  'optional.unwrap': differs('a port ends with an exit code of its own'),
  get_gas_usage: differs('it tells what is left', 'tos_get_gas_left'),
  Signature: none('signatures cannot be verified'),
  Ciphertext: none('encrypted balances were removed'),
};

/** What a port does instead of a native. */
export function counterpartOf(native: string): Counterpart {
  const [type] = native.split('.', 1);
  const found = [native, type!].find((name) => Object.hasOwn(COUNTERPARTS, name));
  return found === undefined ? { kind: 'code' } : COUNTERPARTS[found]!;
}

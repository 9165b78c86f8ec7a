import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { includePath } from '../build/include-path.ts';
import { knownSyscalls } from './known-syscalls.ts';

const header = readFileSync(join(includePath(), 'tos/syscalls.h'), 'utf8');
const declarations = [...header.matchAll(/^extern uint64_t (tos_\w+)\(([^)]*)\)/gm)].map((match) => ({
  name: match[1]!,
  parameters: match[2]!.trim() === 'void' ? 0 : match[2]!.split(',').length,
}));

test('the table lists exactly the syscalls that the header declares', () => {
  expect([...knownSyscalls]).toEqual(declarations.map(({ name }) => name).sort());
});

// Number of arguments of each syscall, from the tables of tos-syscalls.md.
test('the header declares as many arguments as the host reads', () => {
  expect(Object.fromEntries(declarations.map(({ name, parameters }) => [name, parameters]))).toEqual({
    tos_log: 2,
    tos_get_block_hash: 1,
    tos_get_block_height: 0,
    tos_get_tx_hash: 1,
    tos_get_tx_sender: 1,
    tos_get_contract_hash: 1,
    tos_get_balance: 1,
    tos_transfer: 2,
    tos_storage_read: 4,
    tos_storage_write: 4,
    tos_storage_delete: 2,
    tos_set_return_data: 2,
    tos_get_return_data: 3,
    tos_get_asset_balance: 2,
    tos_transfer_asset: 3,
    tos_burn: 2,
    tos_asset_create: 5,
    tos_asset_mint: 3,
    tos_asset_supply: 1,
    tos_fire_event: 3,
    tos_invoke_contract: 2,
    tos_get_gas_left: 0,
    tos_get_block_timestamp: 0,
    tos_random: 2,
    tos_sha256: 3,
    tos_keccak256: 3,
    tos_blake3: 3,
    tos_memcpy: 3,
    tos_memmove: 3,
    tos_memset: 3,
    tos_memcmp: 4,
    tos_storage_load: 4,
    tos_storage_store: 4,
    tos_get_tx_source: 1,
  });
});

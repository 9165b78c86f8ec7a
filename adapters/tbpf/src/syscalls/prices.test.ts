import { NATIVE_ASSET } from '@switchyard/core';
import { describe, expect, test } from 'vitest';
import { bytesOf, emptyState, runAssembly, SELF } from '../run-assembly.fixture.ts';
import { tosAliases, tosSyscalls } from './index.ts';

const asset = new Uint8Array(32).fill(0x33);

/** 100 native units, an asset of the contract, and ten bytes under the key "kkkk". */
function furnished() {
  const state = emptyState();
  state.adjustBalance(SELF, NATIVE_ASSET, 100n);
  state.createAsset(asset, { creator: SELF, name: 'a', decimals: 0, maxSupply: 0n, supply: 0n });
  state.setStorage(SELF, bytesOf('kkkk'), new Uint8Array(10));
  return state;
}

const zeros = new Uint8Array(8192);
const slices = bytesOf(0x4_0000_0010, 100, new Uint8Array(100));

/** Name, instructions up to and with the call, price, what stands before the call, input. r1 is the input, r2 its length. */
const rows: readonly (readonly [string, number, number, string, Uint8Array])[] = [
  ['tos_log', 2, 105, 'mov64 r2, 5', bytesOf('hello')],
  ['tos_get_block_hash', 1, 50, '', zeros],
  ['tos_get_block_height', 1, 50, '', zeros],
  ['tos_get_tx_hash', 1, 50, '', zeros],
  ['tos_get_tx_sender', 1, 50, '', zeros],
  ['tos_get_contract_hash', 1, 50, '', zeros],
  ['tos_get_balance', 1, 100, '', zeros],
  ['tos_transfer', 2, 500, 'mov64 r2, 7', zeros],
  ['tos_storage_read', 4, 200, 'mov64 r2, 4\nmov64 r3, r1\nmov64 r4, 10', zeros],
  ['tos_storage_read', 4, 210, 'mov64 r2, 4\nmov64 r3, r1\nmov64 r4, 10', bytesOf('kkkk', zeros)],
  ['tos_storage_write', 4, 700, 'mov64 r2, 4\nmov64 r3, r1\nmov64 r4, 100', zeros],
  ['tos_storage_delete', 2, 300, 'mov64 r2, 4', zeros],
  ['tos_set_return_data', 2, 132, 'mov64 r2, 32', zeros],
  ['tos_get_return_data', 1, 50, '', zeros],
  ['tos_get_asset_balance', 2, 100, 'mov64 r2, r1', zeros],
  ['tos_transfer_asset', 3, 500, 'mov64 r2, 7\nmov64 r3, r1', zeros],
  ['tos_burn', 3, 500, 'mov64 r1, 5\nmov64 r2, 0', zeros],
  ['tos_asset_create', 5, 10_000, 'mov64 r2, 4\nmov64 r3, 2\nmov64 r4, 0\nmov64 r5, r1', zeros],
  ['tos_asset_mint', 3, 1000, 'mov64 r2, 9\nmov64 r3, r1', asset],
  ['tos_asset_supply', 1, 100, '', asset],
  ['tos_fire_event', 4, 520, 'mov64 r2, r1\nmov64 r3, 10\nmov64 r1, 7', zeros],
  ['tos_get_gas_left', 1, 10, '', zeros],
  ['tos_get_block_timestamp', 1, 50, '', zeros],
  ['tos_random', 2, 116, 'mov64 r2, 16', zeros],
  ['tos_sha256', 3, 135, 'mov64 r2, 1\nmov64 r3, r1', slices],
  ['tos_keccak256', 3, 135, 'mov64 r2, 1\nmov64 r3, r1', slices],
  ['tos_blake3', 3, 135, 'mov64 r2, 1\nmov64 r3, r1', slices],
  ['tos_sha256', 3, 95, 'mov64 r2, 1\nmov64 r3, r1', bytesOf(0, 0, zeros)],
  ['tos_memcpy', 4, 10, 'mov64 r2, r1\nadd64 r2, 2500\nmov64 r3, 2500', zeros],
  ['tos_memmove', 4, 16, 'mov64 r2, r1\nadd64 r2, 1\nmov64 r3, 4249', zeros],
  ['tos_memset', 2, 32, 'mov64 r3, 8000', zeros],
  ['tos_memcmp', 4, 17, 'mov64 r2, r1\nmov64 r3, 4250\nmov64 r4, r1', zeros],
  ['tos_storage_load', 4, 200, 'mov64 r2, 4\nmov64 r3, r1\nmov64 r4, 10', zeros],
  ['tos_storage_store', 4, 700, 'mov64 r2, 4\nmov64 r3, r1\nmov64 r4, 100', zeros],
  ['tos_get_tx_source', 1, 50, '', zeros],
];

test('every syscall but tos_invoke_contract, which needs an environment, has a row', () => {
  const named = new Set([...rows.map(([name]) => name), 'tos_invoke_contract']);
  const all = [...tosSyscalls.map(({ name }) => name), ...tosAliases.map(([name]) => name)];
  expect([...named].sort()).toEqual(all.sort());
  expect(all).toHaveLength(34);
});

describe('price', () => {
  test.each(rows)('%s: %i instructions and %i gas', (name, instructions, price, before, input) => {
    // Two more instructions follow the call.
    const source = `${before}\nsyscall ${name}\nmov64 r0, 0\nexit`;
    const run = (gas: number) => runAssembly(source, { input, gasLimit: BigInt(gas), state: furnished() });
    const enough = run(instructions + price + 2);
    expect(enough.error).toBeNull();
    expect(enough).toMatchObject({ status: 'success', gasUsed: BigInt(instructions + price + 2) });

    const paid = run(instructions + price);
    expect(paid.error).toMatchObject({ code: 'OUT_OF_GAS', native: { name: 'ExceededMaxInstructions' } });
    expect(paid.gasUsed).toBe(BigInt(instructions + price));

    // One less than the price: the meter stays as it is.
    const short = run(instructions + price - 1);
    expect(short.error).toMatchObject({
      code: 'OUT_OF_GAS',
      native: { detail: 'SyscallError(ExceededMaxInstructions)' },
    });
    expect(short.gasUsed).toBe(BigInt(instructions));
  });
});

describe('a read-only run', () => {
  const changing = [
    'tos_transfer',
    'tos_transfer_asset',
    'tos_storage_write',
    'tos_storage_delete',
    'tos_burn',
  ];
  changing.push('tos_asset_create', 'tos_asset_mint', 'tos_fire_event', 'tos_storage_store');

  test.each(rows.filter(([name]) => changing.includes(name)))(
    'refuses %s after its gas',
    (name, instructions, price, before, input) => {
      const source = `${before}\nsyscall ${name}\nexit`;
      const state = furnished();
      const checkpoint = state.checkpoint();
      const result = runAssembly(source, { input, context: { isStatic: true }, state });
      expect(result.error).toMatchObject({
        code: 'STATIC_VIOLATION',
        native: { name: 'SyscallError', detail: 'SyscallError(StaticViolation)' },
      });
      expect(result.gasUsed).toBe(BigInt(instructions + price));
      expect(state.touchedSince(checkpoint)).toBe(false);
    },
  );

  test.each(rows.filter(([name]) => !changing.includes(name)))(
    'allows %s',
    (name, _count, _price, before, input) => {
      const source = `${before}\nsyscall ${name}\nmov64 r0, 0\nexit`;
      const result = runAssembly(source, { input, context: { isStatic: true }, state: furnished() });
      expect(result.status).toBe('success');
    },
  );
});

describe('hostile arguments', () => {
  const values = [
    '0',
    '-1',
    '0x8000000000000000',
    '0x7fffffffffffffff',
    '0x300000000',
    '0x300007fff',
    '0x100000000',
    '0x2003fffff',
    '65537',
  ];

  test.each([...tosSyscalls.map(({ name }) => name)])(
    '%s takes any five words without an exception',
    (name) => {
      for (const one of values) {
        for (const two of values) {
          const source = `lddw r1, ${one}\nlddw r2, ${two}\nlddw r3, ${one}\nlddw r4, ${two}\nlddw r5, ${one}\nsyscall ${name}\nexit`;
          for (const gasLimit of [1000n, 2n ** 64n - 1n]) {
            const result = runAssembly(source, { gasLimit, state: furnished() });
            expect(result.error?.code).not.toBe('INTERNAL');
            expect(result.gasUsed).toBeLessThanOrEqual(gasLimit);
          }
        }
      }
    },
  );
});

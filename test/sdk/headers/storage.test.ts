import { concatBytes, encodeUtf8 } from '@switchyard/core';
import { borsh, bytes, bytes32, u8, u32, u64, u128 } from '@switchyard/testing';
import '@switchyard/testing/matchers';
import { describe, expect, test } from 'vitest';
import { clangProblem, compileFailure, headerContract } from './header-contract.ts';

const who = new Uint8Array(32).fill(0xa1);
const value = 0x0102_0304_0506_0708n;
const wide = 2n ** 100n + 3n;
const number = 0x0a0b_0c0d;
const input = borsh(u64(value), u128(wide), bytes32(who), u8(9), u32(number));

/** A contract after entry_0, which sets one of each. */
function filled() {
  const contract = headerContract('storage');
  expect(contract.call(0, { input })).toSucceed();
  return contract;
}

const key = (name: string, ...parts: readonly Uint8Array[]) => concatBytes(encodeUtf8(name), ...parts);

test('lays keys out as name, colon, parts', () => {
  const contract = filled();
  const stored = [
    [key('total'), borsh(u64(value))],
    [key('wide_total'), borsh(u128(wide))],
    [key('owner'), who],
    [key('title'), encodeUtf8('title')],
    [key('balances:', who), borsh(u64(value + 1n))],
    [key('by_small:', Uint8Array.of(9)), borsh(u64(value + 2n))],
    [key('by_number:', borsh(u32(number))), who],
    [key('by_id:', borsh(u64(value))), Uint8Array.of(0x0d, 0x0c, 0x0b)],
    [key('allowances:', who, who), borsh(u64(value + 3n))],
    [key('deep:', Uint8Array.of(9), borsh(u32(number)), borsh(u64(value))), borsh(u128(wide))],
  ] as const;
  for (const [name, bytesOf] of stored) expect(contract.storage(name)).toEqual(bytesOf);
  const kept = [...contract.chain.backend.entries()].filter((entry) => entry.kind === 'storage');
  expect(kept).toHaveLength(stored.length);
});

test('reads back what was set', () => {
  expect(filled().call(1, { input })).toReturnBytes(
    concatBytes(
      borsh(u64(value), u128(wide), u8(1), bytes32(who), bytes(encodeUtf8('title'))),
      borsh(u64(value + 1n), u64(value + 2n), u8(1), bytes32(who), bytes(Uint8Array.of(0x0d, 0x0c, 0x0b))),
      borsh(u64(value + 3n), u128(wide)),
    ),
  );
});

test('reads 0, no bytes, and an untouched address where nothing is', () => {
  const untouched = new Uint8Array(32).fill(0xff);
  expect(headerContract('storage').call(1, { input })).toReturnBytes(
    concatBytes(
      borsh(u64(0), u128(0), u8(0), bytes32(untouched), bytes(new Uint8Array(0)), u64(0), u64(0)),
      borsh(u8(0), bytes32(untouched), bytes(new Uint8Array(0)), u64(0), u128(0)),
    ),
  );
});

test('keeps other key parts apart', () => {
  const other = borsh(u64(value), u128(wide), bytes32(new Uint8Array(32)), u8(8), u32(number + 1));
  // The single values are there; of the maps none is.
  expect(filled().call(2, { input: other })).toReturnBytes(Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0));
});

test('says what is there, removes it, and says whether it was there', () => {
  const contract = filled();
  expect(contract.call(2, { input })).toReturnBytes(new Uint8Array(8).fill(1));
  expect(contract.call(3, { input })).toReturnBytes(new Uint8Array(10).fill(1));
  expect(contract.call(2, { input })).toReturnBytes(new Uint8Array(8));
  expect(contract.call(3, { input })).toReturnBytes(new Uint8Array(10));
});

const problem = clangProblem();

describe.skipIf(problem !== undefined)(
  `when compiled${problem === undefined ? '' : ` (skipped: ${problem})`}`,
  () => {
    const declared = (...lines: readonly string[]) =>
      compileFailure(['#include <tos/storage.h>', ...lines].join('\n'));

    test('a key of 256 bytes is taken, and one of 257 refused', () => {
      // The name, the colon, three addresses.
      const map = (length: number) => `TOS_MAP3(${'n'.repeat(length)}, u64, address, hash, address)`;
      expect(declared(map(159))).toBeUndefined();
      expect(declared(map(160))).toContain('a key has at most 256 bytes');
    });

    test('two maps of one name, and so of the same keys, are refused', () => {
      expect(declared('TOS_MAP(paid, u64, u8)', 'TOS_MAP(paid, u64, u32)')).toContain('redefinition');
      expect(declared('TOS_VALUE(paid, u64)', 'TOS_MAP(paid, u64, u32)')).toContain('redefinition');
    });

    test('a kind of value or of key part that there is not is refused', () => {
      expect(declared('TOS_VALUE(paid, u256)')).toContain('TOS_STORED_u256');
      expect(declared('TOS_MAP(paid, u64, text)')).toContain('TOS_PART_text');
    });
  },
);

import { borsh, u64 } from '@switchyard/testing';
import '@switchyard/testing/matchers';
import { expect, test } from 'vitest';
import { headerContract } from './header-contract.ts';

const contract = headerContract('mem');

test('copies, sets, compares and moves any size that the compiler knows, and not a byte more', () => {
  const input = Uint8Array.from({ length: 97 }, (_, index) => (index * 37 + 11) & 0xff);
  expect(contract.call(0, { input, gasLimit: 1_000_000n })).toSucceed();
});

test.each([0, 1, 7, 8, 48, 49, 2_500, 7_000])('handles %i bytes, known at run time only', (size) => {
  expect(contract.call(1, { input: borsh(u64(size)) })).toSucceed();
});

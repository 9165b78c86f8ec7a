import { readFileSync } from 'node:fs';
import { concatBytes, NATIVE_ASSET } from '@switchyard/core';
import { bytes32, type TestChain, type TestOutcome, text, u8, u64 } from '@switchyard/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chainOfContracts, contractFile, stateOf } from './contract-tests.ts';

const tiers = ['reference', 'interpreter', 'compiled'] as const;
const coin = new Uint8Array(32).fill(0xc0);

/** What a caller sees of a call. */
const seen = ({ status, exitCode, gasUsed, returnData, events, error }: TestOutcome) => ({
  status,
  exitCode,
  gasUsed,
  returnData,
  events,
  error: error?.code,
});

/** Runs the same on a chain of each tier, and expects the same outcomes and the same state. */
function expectSame(scenario: (chain: TestChain) => readonly TestOutcome[]): void {
  const [reference, ...others] = tiers.map((tier) => {
    const chain = chainOfContracts({ config: { engines: { tbpf: { options: { tier } } } } });
    const outcomes = scenario(chain);
    return { outcomes: outcomes.map(seen), state: stateOf(chain) };
  });
  for (const other of others) expect(other).toEqual(reference);
}

test('all tiers swap the same amounts for the same gas', () => {
  expectSame((chain) => {
    const alice = chain.account('alice', 1_000_000n);
    chain.setBalance(alice, 1_000_000n, coin);
    const amm = chain.deploy(contractFile('amm/amm.so'), { args: [bytes32(NATIVE_ASSET), bytes32(coin)] });
    const deposits = [{ asset: coin, amount: 123_457n }];
    const fill = amm.call(0, { sender: alice, value: 765_433n, deposits, args: [u64(0)] });
    const swaps = [1n, 17n, 9_999n, 100_003n].map((value) =>
      amm.call(2, { sender: alice, value, args: [u8(0), u64(0)] }),
    );
    expect(swaps.map(({ status }) => status)).toEqual(['reverted', 'success', 'success', 'success']);
    return [fill, ...swaps, amm.call(1, { sender: alice, args: [u64(54_321), u64(0), u64(0)] })];
  });
});

test('all tiers keep the same lists of tokens', () => {
  expectSame((chain) => {
    const [alice, bob] = [chain.account('alice'), chain.account('bob')];
    const nft = chain.deploy(contractFile('nft/nft.so'), { sender: alice, args: [text('N'), text('S')] });
    const mints = [1, 2, 3].map(() => nft.call(0, { sender: alice, args: [bytes32(bob), text('uri')] }));
    const rest = [
      nft.call(1, { sender: bob, args: [bytes32(alice), u64(1)] }),
      nft.call(3, { sender: bob, args: [u64(2)] }),
      nft.call(3, { sender: alice, args: [u64(3)] }),
    ];
    return [...mints, ...rest];
  });
});

test('all tiers compute with 128 bits alike', () => {
  const code = new Uint8Array(readFileSync(new URL('../../fixtures/headers/u128/u128.so', import.meta.url)));
  // Each operation, on operands of all sizes.
  const operand = fc
    .tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(16))
    .map(([bytes, length]) => bytes.map((byte, index) => (index < length ? byte : 0)));
  const inputs = fc.sample(fc.tuple(operand, operand, operand), { numRuns: 15, seed: 1 });
  const operations = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 23, 24, 25];
  expectSame((chain) => {
    const contract = chain.deploy(code, { construct: false });
    return inputs.flatMap((operands) =>
      operations.map((operation) =>
        contract.simulate('entrypoint', { input: concatBytes(Uint8Array.of(operation), ...operands) }),
      ),
    );
  });
});

import { concatBytes, NATIVE_ASSET, type TypedValue } from '@switchyard/core';
import { borsh, bytes32, type TestAccount, u8, u64 } from '@switchyard/testing';
import { fuzzContract } from '@switchyard/testing/fuzz';
import { array, bigInt, constantFrom, nat, oneof, record } from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  chainOfContracts,
  contractFile,
  contractGas,
  ExitCodes,
  expectUnchanged,
  readU64,
} from './contract-tests.ts';

const exits = new ExitCodes('amm');
const gas = contractGas();
afterAll(() => gas.close());

type Values = readonly TypedValue[];
const [ADDED, REMOVED, SWAPPED] = [1, 2, 3] as const;
const MAX = 2n ** 64n - 1n;
/** Asset a is the native one. */
const coin = new Uint8Array(32).fill(0xc0);
const FUNDS = 1_000_000n;

interface Deposit {
  readonly a?: bigint;
  readonly b?: bigint;
}

function deployed(funds = FUNDS) {
  const chain = chainOfContracts();
  const [alice, bob] = [chain.account('alice', funds), chain.account('bob', funds)];
  for (const holder of [alice, bob]) chain.setBalance(holder, funds, coin);
  const amm = chain.deploy(contractFile('amm/amm.so'), { args: [bytes32(NATIVE_ASSET), bytes32(coin)] });
  const call = (entry: number, sender: TestAccount, { a = 0n, b = 0n }: Deposit, ...args: Values) =>
    amm.call(entry, { sender, args, value: a, deposits: b === 0n ? [] : [{ asset: coin, amount: b }] });
  const refuse = (name: string, entry: number, sender: TestAccount, deposit: Deposit, ...args: Values) =>
    exits.expectRefusal(chain, name, () => call(entry, sender, deposit, ...args));
  const add = (sender: TestAccount, a: bigint, b: bigint, least = 0n) =>
    call(0, sender, { a, b }, u64(least));
  const remove = (sender: TestAccount, shares: bigint, a = 0n, b = 0n) =>
    call(1, sender, {}, u64(shares), u64(a), u64(b));
  const sell = (sender: TestAccount, side: 0 | 1, amount: bigint, least = 0n) =>
    call(2, sender, side === 0 ? { a: amount } : { b: amount }, u8(side), u64(least));
  const pool = () => {
    const { returnData } = amm.simulate(3);
    return [64, 72, 80].map((offset) => readU64(returnData, offset)) as [bigint, bigint, bigint];
  };
  const sharesOf = (holder: TestAccount) => readU64(amm.simulate(4, { args: [bytes32(holder)] }).returnData);
  const holdings = (holder: TestAccount) => [chain.balance(holder), chain.balance(holder, coin)];
  return { chain, amm, alice, bob, call, refuse, add, remove, sell, pool, sharesOf, holdings };
}

/** A pool of 40,000 a and 10,000 b with 20,000 shares, of which alice has 19,000. */
function filled() {
  const all = deployed();
  expect(all.add(all.alice, 40_000n, 10_000n)).toReturnBytes(borsh(u64(19_000)));
  return all;
}

describe('deployment', () => {
  test('names the assets of an empty pool', () => {
    const { amm, pool } = deployed();
    gas.record('amm: deploy', amm.deployment);
    expect(amm.call(3).returnData.subarray(0, 64)).toEqual(concatBytes(NATIVE_ASSET, coin));
    expect(pool()).toEqual([0n, 0n, 0n]);
  });

  test('refuses one asset twice, and a second run', () => {
    const { chain, amm } = deployed();
    const construct = (name: string, ...args: Values) =>
      exits.expectRefusal(chain, name, () => amm.call({ kind: 'hook', id: 0 }, { args }));
    construct('SAME_ASSET', bytes32(coin), bytes32(coin));
    construct('ALREADY_DEPLOYED', bytes32(coin), bytes32(NATIVE_ASSET));
    construct('BAD_INPUT', bytes32(coin));
  });

  test('that did not happen leaves every entry refusing', () => {
    const { chain } = deployed();
    const raw = chain.deploy(contractFile('amm/amm.so'), { construct: false });
    const inputs = [8, 24, 9, 0, undefined, 9];
    for (const [entry, size] of inputs.entries()) {
      if (size === undefined) continue;
      exits.expectRefusal(chain, 'NOT_DEPLOYED', () => raw.call(entry, { input: new Uint8Array(size) }));
    }
  });
});

describe('liquidity', () => {
  test('of the first one makes the root of the product, less what stays for ever', () => {
    const { amm, alice, add, pool, sharesOf, holdings } = deployed();
    const outcome = gas.record('amm: add_liquidity, first', add(alice, 40_000n, 10_000n));
    expect(outcome).toReturnBytes(borsh(u64(19_000)));
    expect(outcome).toEmit(ADDED, borsh(bytes32(alice), u64(40_000), u64(10_000), u64(19_000)));
    expect([pool(), sharesOf(alice)]).toEqual([[40_000n, 10_000n, 20_000n], 19_000n]);
    expect(holdings(alice)).toEqual([960_000n, 990_000n]);
    expect([amm.balance(), amm.balance(coin)]).toEqual([40_000n, 10_000n]);
  });

  test('of the next one is taken in the ratio of the reserves, and the rest goes back', () => {
    const { bob, add, pool, sharesOf, holdings } = filled();
    const outcome = gas.record('amm: add_liquidity', add(bob, 8_000n, 5_000n));
    expect(outcome).toReturnBytes(borsh(u64(4_000)));
    expect(outcome).toEmit(ADDED, borsh(bytes32(bob), u64(8_000), u64(2_000), u64(4_000)));
    expect([pool(), sharesOf(bob)]).toEqual([[48_000n, 12_000n, 24_000n], 4_000n]);
    expect(holdings(bob)).toEqual([FUNDS - 8_000n, FUNDS - 2_000n]);
  });

  test('needs both assets', () => {
    const { alice, refuse } = deployed();
    refuse('NOTHING_DEPOSITED', 0, alice, {}, u64(0));
    refuse('NOTHING_DEPOSITED', 0, alice, { a: 5_000n }, u64(0));
    refuse('NOTHING_DEPOSITED', 0, alice, { b: 5_000n }, u64(0));
  });

  test('that brings no share, or less than wanted, goes back', () => {
    const { alice, refuse } = deployed();
    refuse('TOO_FEW_SHARES', 0, alice, { a: 1_000n, b: 1_000n }, u64(0));
    refuse('TOO_FEW_SHARES', 0, alice, { a: 40_000n, b: 10_000n }, u64(19_001));
    const later = filled();
    later.refuse('TOO_FEW_SHARES', 0, later.bob, { a: 1n, b: 1n }, u64(0));
    later.refuse('TOO_FEW_SHARES', 0, later.bob, { a: 8_000n, b: 5_000n }, u64(4_001));
  });

  test('comes back with its share of the reserves', () => {
    const { alice, remove, pool, sharesOf, holdings } = filled();
    const outcome = gas.record('amm: remove_liquidity', remove(alice, 5_000n, 10_000n, 2_500n));
    expect(outcome).toReturnBytes(borsh(u64(10_000), u64(2_500)));
    expect(outcome).toEmit(REMOVED, borsh(bytes32(alice), u64(10_000), u64(2_500), u64(5_000)));
    expect([pool(), sharesOf(alice)]).toEqual([[30_000n, 7_500n, 15_000n], 14_000n]);
    expect(holdings(alice)).toEqual([970_000n, 992_500n]);
    expect(remove(alice, 14_000n)).toSucceed();
    expect([pool(), sharesOf(alice)]).toEqual([[2_000n, 500n, 1_000n], 0n]);
  });

  test('of others, or at a worse price than wanted, is not paid out', () => {
    const { alice, bob, refuse } = filled();
    refuse('NOT_ENOUGH_SHARES', 1, alice, {}, u64(19_001), u64(0), u64(0));
    refuse('NOT_ENOUGH_SHARES', 1, bob, {}, u64(1), u64(0), u64(0));
    refuse('TOO_LITTLE_OUT', 1, alice, {}, u64(5_000), u64(10_001), u64(0));
    refuse('TOO_LITTLE_OUT', 1, alice, {}, u64(5_000), u64(0), u64(2_501));
    refuse('TOO_LITTLE_OUT', 1, alice, {}, u64(0), u64(0), u64(0));
    refuse('TOO_LITTLE_OUT', 1, bob, {}, u64(0), u64(0), u64(0));
  });

  test('works to the last unit of 64 bits', () => {
    const { alice, bob, add, remove, pool } = deployed(MAX);
    expect(add(alice, MAX, MAX)).toReturnBytes(borsh(u64(MAX - 1_000n)));
    expect(pool()).toEqual([MAX, MAX, MAX]);
    expect(remove(alice, MAX - 1_000n)).toReturnBytes(borsh(u64(MAX - 1_000n), u64(MAX - 1_000n)));
    // bob's whole fortune does not fit beside what stays.
    expect(add(bob, MAX - 1_000n, MAX - 1_000n)).toSucceed();
    expect(pool()).toEqual([MAX, MAX, MAX]);
  });
});

describe('a swap', () => {
  test('of a for b pays by the product of the reserves, less the fee', () => {
    const { bob, sell, pool, holdings } = filled();
    // 4,000 · 997 · 10,000 / (40,000 · 1,000 + 4,000 · 997), rounded down.
    const outcome = gas.record('amm: swap', sell(bob, 0, 4_000n, 906n));
    expect(outcome).toReturnBytes(borsh(u64(906)));
    expect(outcome).toEmit(SWAPPED, borsh(bytes32(bob), u64(0), u64(4_000), u64(906)));
    expect([pool(), holdings(bob)]).toEqual([
      [44_000n, 9_094n, 20_000n],
      [FUNDS - 4_000n, FUNDS + 906n],
    ]);
  });

  test('of b for a is the same the other way round', () => {
    const { bob, sell, pool, holdings } = filled();
    expect(sell(bob, 1, 1_000n)).toReturnBytes(borsh(u64(3_626)));
    expect([pool(), holdings(bob)]).toEqual([
      [36_374n, 11_000n, 20_000n],
      [FUNDS + 3_626n, FUNDS - 1_000n],
    ]);
  });

  test('brings what was quoted', () => {
    const { amm, bob, sell } = filled();
    const quote = gas.record('amm: quote', amm.call(5, { args: [u8(1), u64(1_234)] }));
    expect(sell(bob, 1, 1_234n)).toReturnBytes(quote.returnData);
    expect(amm.call(5, { args: [u8(0), u64(MAX)] })).toSucceed();
    expect(amm.call(5, { args: [u8(0), u64(0)] })).toReturnBytes(borsh(u64(0)));
  });

  test('below the least that is wanted, or for nothing, is undone', () => {
    const { bob, refuse } = filled();
    refuse('TOO_LITTLE_OUT', 2, bob, { a: 4_000n }, u8(0), u64(907));
    refuse('TOO_LITTLE_OUT', 2, bob, { a: 4n }, u8(0), u64(0));
    refuse('NOTHING_DEPOSITED', 2, bob, {}, u8(0), u64(0));
    // Paid in the asset that is to be bought.
    refuse('NOTHING_DEPOSITED', 2, bob, { b: 100n }, u8(0), u64(0));
    refuse('BAD_INPUT', 2, bob, { a: 100n }, u8(2), u64(0));
  });

  test('of an empty pool is refused', () => {
    const { bob, refuse } = deployed();
    refuse('NO_LIQUIDITY', 2, bob, { a: 100n }, u8(0), u64(0));
    refuse('NO_LIQUIDITY', 5, bob, {}, u8(0), u64(100));
  });
});

describe('what was sent by mistake', () => {
  test('goes back: the bought asset of a swap, anything with a removal', () => {
    const { alice, bob, call, pool, holdings } = filled();
    expect(call(2, bob, { a: 4_000n, b: 77n }, u8(0), u64(0))).toReturnBytes(borsh(u64(906)));
    expect(holdings(bob)).toEqual([FUNDS - 4_000n, FUNDS + 906n]);
    const before = holdings(alice);
    const outcome = call(1, alice, { a: 5n, b: 6n }, u64(2_000), u64(0), u64(0));
    expect(outcome).toReturnBytes(borsh(u64(4_400), u64(909)));
    expect(holdings(alice)).toEqual([before[0]! + 4_400n, before[1]! + 909n]);
    expect(pool()).toEqual([39_600n, 8_185n, 18_000n]);
  });

  test('past the contract does not move the price, and goes to the next sender', () => {
    const { chain, amm, alice, bob, pool, remove, holdings } = filled();
    chain.setBalance(amm, 140_000n);
    expect(pool()).toEqual([40_000n, 10_000n, 20_000n]);
    expect(remove(alice, 2_000n)).toReturnBytes(borsh(u64(4_000), u64(1_000)));
    expect(holdings(alice)[0]).toBe(FUNDS - 40_000n + 100_000n + 4_000n);
    expect(amm.balance()).toBe(36_000n);
    expect(holdings(bob)).toEqual([FUNDS, FUNDS]);
  });
});

test('a payout that would overflow the receiver’s balance changes nothing', () => {
  const { chain, bob, sell } = filled();
  chain.setBalance(bob, MAX);
  expect(expectUnchanged(chain, () => sell(bob, 1, 1_000n))).toFailWith('BALANCE_OVERFLOW');
});

test('whatever is called, no value is made or lost, and no share loses any', () => {
  const all = filled();
  const { chain, amm, alice, bob, pool, sharesOf, add, remove, sell } = all;
  const amount = oneof(bigInt({ min: 0n, max: 30_000n }), bigInt({ min: 0n, max: 20n }));
  const step = record({ kind: nat(3), sender: constantFrom(alice, bob), a: amount, b: amount });
  const total = (asset?: Uint8Array) =>
    [alice, bob, amm].reduce((sum, holder) => sum + chain.balance(holder, asset), 0n);
  const supplies = [total(), total(coin)];
  const swaps = { succeeded: 0 };
  fuzzContract(
    chain,
    array(step, { minLength: 1, maxLength: 10 }),
    (steps) => {
      for (const { kind, sender, a, b } of steps) {
        const [oldA, oldB, oldShares] = pool();
        const outcome =
          kind === 0
            ? add(sender, a, b)
            : kind === 1
              ? remove(sender, a)
              : sell(sender, kind === 2 ? 0 : 1, a);
        expect(outcome.status).not.toBe('failed');
        if (kind > 1 && outcome.status === 'success') swaps.succeeded++;
        const [newA, newB, newShares] = pool();
        // What a share stands for: sqrt(a · b) / shares, compared without roots and quotients.
        expect(newA * newB * oldShares ** 2n >= oldA * oldB * newShares ** 2n).toBe(true);
        if (kind > 1) expect(newA * newB >= oldA * oldB).toBe(true);
        expect([amm.balance(), amm.balance(coin)]).toEqual([newA, newB]);
        expect(sharesOf(alice) + sharesOf(bob) + 1_000n).toBe(newShares);
        expect([total(), total(coin)]).toEqual(supplies);
      }
    },
    { print: () => {} },
  );
  expect(swaps.succeeded).toBeGreaterThan(50);
});

test('a round trip never pays', () => {
  const { chain, alice, bob, add, remove, sell, sharesOf, holdings } = filled();
  const cases = record({ a: bigInt({ min: 1n, max: 400_000n }), b: bigInt({ min: 1n, max: 400_000n }) });
  fuzzContract(
    chain,
    cases,
    ({ a, b }) => {
      const before = holdings(bob);
      if (add(bob, a, b).status === 'success') expect(remove(bob, sharesOf(bob)).status).not.toBe('failed');
      const after = holdings(bob);
      expect(after[0]! <= before[0]! && after[1]! <= before[1]!).toBe(true);
      const bought = sell(alice, 0, a);
      if (bought.status === 'success') {
        const back = sell(alice, 1, readU64(bought.returnData));
        if (back.status === 'success') expect(readU64(back.returnData) <= a).toBe(true);
      }
    },
    { print: () => {} },
  );
});

test.each([0, 1, 2, 3, 4, 5])('entry %i refuses an input of another length', (entry) => {
  const { chain, amm } = filled();
  for (const length of [1, 7, 10, 23, 25, 31, 33]) {
    const input = new Uint8Array(length);
    exits.expectRefusal(chain, 'BAD_INPUT', () => amm.call(entry, { input }));
  }
  gas.record('amm: pool', amm.call(3));
  gas.record('amm: shares_of', amm.call(4, { args: [bytes32(chain.account('alice'))] }));
});

test('there is no default entry', () => {
  const { chain, amm } = filled();
  exits.expectRefusal(chain, 'NO_SUCH_ENTRY', () => amm.call('entrypoint'));
});

test('all exit codes were seen', () => exits.expectAllSeen());

import { bytesToHex } from '@switchyard/core';
import { bigInt, constant, constantFrom, integer } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bothEngines, contractFile } from '../contracts.fixture.ts';
import '../matchers/index.ts';
import { borsh, bytes32, u64 } from '../values.ts';
import { callSequences } from './call-sequences.ts';
import { FuzzError, fuzzContract } from './fuzz-contract.ts';

const quiet = { print: () => {} };
const anyU64 = bigInt({ min: 0n, max: 2n ** 64n - 1n });

function failureOf(run: () => unknown): FuzzError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof FuzzError) return thrown;
    throw thrown;
  }
  throw new Error('no case failed');
}

describe('fuzzContract', () => {
  test('runs each case from the same state and leaves the chain as it was', () => {
    const chain = bothEngines();
    const counter = chain.deploy(contractFile('counter/counter.so'), { args: [u64(1)] });
    const lines: string[] = [];
    const report = fuzzContract(
      chain,
      bigInt({ min: 0n, max: 2n ** 64n - 2n }),
      (by) => {
        chain.mine();
        expect(chain.block.height).toBe(1n);
        expect(counter.call(0, { args: [u64(by)] })).toReturnBytes(borsh(u64(by + 1n)));
      },
      { runs: 50, seed: 7, print: (line) => lines.push(line) },
    );
    expect(report).toEqual({ runs: 50, seed: 7 });
    expect(lines).toEqual(['fuzz: 50 cases passed, seed 7']);
    expect(chain.block.height).toBe(0n);
    expect(counter.storage('value')).toEqual(borsh(u64(1)));
  });

  test('runs a legacy module, too', () => {
    const chain = bothEngines();
    const counter = chain.deploy(contractFile('legacy/counter.module'));
    fuzzContract(chain, anyU64, (by) => expect(counter.call(1, { args: [u64(by)] })).toEmit(1), quiet);
  });

  test('shrinks a failing case to the smallest, and says how to run it alone', () => {
    const chain = bothEngines();
    const counter = chain.deploy(contractFile('counter/counter.so'), { args: [u64(2n ** 64n - 100n)] });
    const tried: bigint[] = [];
    const check = (by: bigint) => {
      tried.push(by);
      expect(counter.call(0, { args: [u64(by)] })).toSucceed();
    };
    const failure = failureOf(() => fuzzContract(chain, anyU64, check, { seed: 5, ...quiet }));
    expect(failure).toMatchObject({ seed: 5, counterexample: 100n });
    expect(failure.message).toMatch(
      /^fuzz: case \d+ failed; shrunk \d+ times, the smallest found is\n\n {2}100n\n\n {2}expected the call to succeed, and it reverted with exit code 2\n/,
    );
    expect(failure.message).toMatch(/\n\nTo run it alone: \{ seed: 5, path: '[\d:]+' \}$/);
    expect((failure.cause as Error).message).toContain('expected the call to succeed');
    expect(counter.storage('value')).toEqual(borsh(u64(2n ** 64n - 100n)));

    tried.length = 0;
    const { path } = failure;
    expect(failureOf(() => fuzzContract(chain, anyU64, check, { seed: 5, path, ...quiet }))).toMatchObject({
      counterexample: 100n,
    });
    expect(tried[0]).toBe(100n);
  });

  test('makes the same cases from the same seed, others from another, and tries examples first', () => {
    const casesOf = (seed?: number): bigint[] => {
      const cases: bigint[] = [];
      const options = { runs: 20, examples: [42n], ...(seed === undefined ? {} : { seed }), ...quiet };
      fuzzContract(bothEngines(), anyU64, (one) => void cases.push(one), options);
      return cases;
    };
    expect(casesOf()).toEqual(casesOf(1));
    expect(casesOf(1)).not.toEqual(casesOf(2));
    expect(casesOf()[0]).toBe(42n);
  });

  test('refuses a test that goes on after it returned', () => {
    const failure = failureOf(() =>
      fuzzContract(bothEngines(), integer(), (async () => {}) as () => void, quiet),
    );
    expect(failure.message).toContain('the test of a case must not be async');
  });
});

describe('callSequences', () => {
  const chain = bothEngines();
  const [alice, bob] = [chain.account('alice'), chain.account('bob')];
  const token = chain.deploy(contractFile('token/token.so'), { sender: alice, args: [u64(1_000)] });
  const account = constantFrom(alice, bob);
  const transfers = callSequences([
    {
      contract: token,
      entry: 0,
      sender: account,
      args: [account.map(bytes32), bigInt({ min: 0n, max: 2_000n }).map(u64)],
    },
    { contract: token, entry: 3 },
  ]);
  const balanceOf = (holder: typeof alice) => {
    const { returnData } = token.simulate(1, { args: [bytes32(holder)] });
    return new DataView(returnData.slice().buffer).getBigUint64(0, true);
  };

  test('hold an invariant over calls of several kinds', () => {
    const ends = new Set<string>();
    fuzzContract(
      chain,
      transfers,
      (calls) => {
        for (const call of calls) ends.add(call.run().status);
        expect(balanceOf(alice) + balanceOf(bob)).toBe(1_000n);
      },
      quiet,
    );
    expect([...ends].sort()).toEqual(['reverted', 'success']);
  });

  test('shrink to few calls, printed as they would be written', () => {
    const failure = failureOf(() =>
      fuzzContract(
        chain,
        transfers,
        (calls) => {
          for (const call of calls) call.run();
          expect(balanceOf(bob)).toBeLessThan(500n);
        },
        quiet,
      ),
    );
    expect(failure.message).toContain(
      `  token.so.call(0, { args: [bytes32(0x${bytesToHex(bob.address)}), u64(500)], sender: alice })
`,
    );
    expect(failure.counterexample).toHaveLength(1);
  });

  test('give other assets along, and print them', () => {
    const apples = new Uint8Array(32).fill(7);
    const counter = chain.deploy(contractFile('counter/counter.so'));
    chain.setBalance(alice, 1_000n, apples);
    const gifts = callSequences([
      {
        contract: counter,
        entry: 1,
        sender: constant(alice),
        deposits: bigInt({ min: 1n, max: 100n }).map((amount) => [{ asset: apples, amount }]),
      },
    ]);
    const failure = failureOf(() =>
      fuzzContract(
        chain,
        gifts,
        (calls) => {
          for (const call of calls) expect(call.run()).toSucceed();
          expect(chain.balance(counter, apples) + chain.balance(alice, apples)).toBe(1_000n);
          expect(chain.balance(counter, apples)).toBeLessThan(50n);
        },
        quiet,
      ),
    );
    expect(failure.message).toContain(
      `  counter.so.call(1, { sender: alice, deposits: [{ asset: 0x${'07'.repeat(32)}, amount: 50n }] })\n`,
    );
  });
});

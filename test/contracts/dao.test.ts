import { concatBytes, type TypedValue } from '@switchyard/core';
import { bool, borsh, bytes, bytes32, type TestAccount, u16, u32, u64 } from '@switchyard/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { chainOfContracts, contractFile, contractGas, ExitCodes, expectUnchanged } from './contract-tests.ts';

const exits = new ExitCodes('dao');
const gas = contractGas();
afterAll(() => gas.close());

type Values = readonly TypedValue[];
type Member = readonly [TestAccount, bigint];
const [PROPOSED, VOTED, EXECUTED] = [1, 2, 3] as const;
const native = new Uint8Array(32);
const MAX = 2n ** 64n - 1n;

const rules = (quorum: bigint, blocks: bigint, members: readonly Member[]) =>
  concatBytes(
    borsh(u64(quorum), u64(blocks), u32(members.length)),
    ...members.map(([account, weight]) => borsh(bytes32(account), u64(weight))),
  );

/** Weights 5, 3 and 2; quorum 6; ten blocks to vote, the first at height 100; 1,000 units to spend. */
function deployed() {
  const chain = chainOfContracts({ block: { height: 100n } });
  const [alice, bob, carol, dave] = ['alice', 'bob', 'carol', 'dave'].map((name) => chain.account(name)) as [
    TestAccount,
    TestAccount,
    TestAccount,
    TestAccount,
  ];
  const members: readonly Member[] = [
    [alice, 5n],
    [bob, 3n],
    [carol, 2n],
  ];
  const dao = chain.deploy(contractFile('dao/dao.so'), { input: rules(6n, 10n, members) });
  chain.setBalance(dao, 1_000n);
  const call = (entry: number, sender: TestAccount, ...args: Values) => dao.call(entry, { sender, args });
  const refuse = (name: string, entry: number, sender: TestAccount, ...args: Values) =>
    exits.expectRefusal(chain, name, () => call(entry, sender, ...args));
  const pay = (amount: bigint, asset = native) => call(0, alice, bytes32(dave), u64(amount), bytes32(asset));
  const vote = (id: number, ...voters: readonly (readonly [TestAccount, boolean])[]) => {
    for (const [voter, support] of voters) expect(call(2, voter, u64(id), bool(support))).toSucceed();
  };
  return { chain, dao, alice, bob, carol, dave, members, call, refuse, pay, vote };
}

describe('deployment', () => {
  test('sets rules and weights', () => {
    const { dao, alice, bob, dave, call } = deployed();
    gas.record('dao: deploy with three members', dao.deployment);
    expect(gas.record('dao: weight_of', call(5, dave, bytes32(alice)))).toReturnBytes(borsh(u64(5)));
    expect(call(5, dave, bytes32(bob))).toReturnBytes(borsh(u64(3)));
    expect(call(5, dave, bytes32(dave))).toReturnBytes(borsh(u64(0)));
    expect([dao.storage('quorum'), dao.storage('voting_blocks')]).toEqual([borsh(u64(6)), borsh(u64(10))]);
  });

  test('refuses rules under which nothing could be decided, and a second run', () => {
    const { chain, dao, alice, bob, members } = deployed();
    const fresh = chain.deploy(contractFile('dao/dao.so'), { construct: false });
    const construct = (name: string, input: Uint8Array, target = fresh) =>
      exits.expectRefusal(chain, name, () => target.call({ kind: 'hook', id: 0 }, { input }));
    construct('BAD_RULES', rules(0n, 10n, members));
    construct('BAD_RULES', rules(6n, 0n, members));
    construct('BAD_RULES', rules(11n, 10n, members));
    construct('BAD_RULES', rules(1n, 10n, []));
    construct('BAD_RULES', rules(1n, 10n, [[alice, 0n]]));
    const twice: readonly Member[] = [
      [alice, 1n],
      [bob, 1n],
      [alice, 1n],
    ];
    construct('BAD_RULES', rules(1n, 10n, twice));
    construct(
      'BAD_RULES',
      rules(1n, 10n, [
        [alice, MAX],
        [bob, 1n],
      ]),
    );
    construct('BAD_INPUT', rules(6n, 10n, members).subarray(0, -1));
    construct('BAD_INPUT', concatBytes(rules(6n, 10n, members), Uint8Array.of(0)));
    construct('ALREADY_DEPLOYED', rules(6n, 10n, members), dao);
    expect(fresh.call({ kind: 'hook', id: 0 }, { input: rules(10n, 1n, members) })).toSucceed();
  });
});

describe('a proposal', () => {
  test('is made by a member, and ends after the voting blocks', () => {
    const { alice, dave, call, pay } = deployed();
    const outcome = gas.record('dao: propose_transfer', pay(300n));
    expect(outcome).toReturnBytes(borsh(u64(1)));
    expect(outcome).toEmit(PROPOSED, borsh(u64(1), bytes32(alice), u64(110)));
    expect(gas.record('dao: proposal', call(4, dave, u64(1)))).toReturnBytes(
      borsh(bytes32(alice), u64(110), u64(0), u64(0), u64(0), u64(0)),
    );
    expect(pay(1n)).toReturnBytes(borsh(u64(2)));
  });

  test('is refused to others, of nothing, and with too many params', () => {
    const { alice, dave, refuse } = deployed();
    refuse('NOT_MEMBER', 0, dave, bytes32(dave), u64(1), bytes32(native));
    refuse('BAD_INPUT', 0, alice, bytes32(dave), u64(0), bytes32(native));
    refuse('NOT_MEMBER', 1, dave, bytes32(dave), u16(0), u64(0), bytes(new Uint8Array(512)));
    refuse('BAD_INPUT', 1, alice, bytes32(dave), u16(0), u64(0), bytes(new Uint8Array(513)));
    refuse('NO_SUCH_PROPOSAL', 4, alice, u64(1));
  });
});

describe('voting', () => {
  test('adds up weights', () => {
    const { alice, bob, carol, call, pay, vote } = deployed();
    pay(300n);
    const outcome = gas.record('dao: vote', call(2, bob, u64(1), bool(true)));
    expect(outcome).toEmit(VOTED, borsh(u64(1), bytes32(bob), bool(true), u64(3)));
    vote(1, [alice, false], [carol, true]);
    expect(call(4, bob, u64(1))).toReturnBytes(
      borsh(bytes32(alice), u64(110), u64(5), u64(5), u64(0), u64(0)),
    );
  });

  test('is once for each member, and for members only', () => {
    const { bob, dave, pay, vote, refuse } = deployed();
    pay(300n);
    vote(1, [bob, true]);
    refuse('ALREADY_VOTED', 2, bob, u64(1), bool(false));
    refuse('NOT_MEMBER', 2, dave, u64(1), bool(true));
    refuse('NO_SUCH_PROPOSAL', 2, bob, u64(2), bool(true));
  });

  test('is open below the end, and over at it', () => {
    const { chain, alice, bob, pay, vote, refuse } = deployed();
    pay(300n);
    chain.setBlock({ height: 109n });
    vote(1, [alice, true]);
    refuse('VOTING_OPEN', 3, alice, u64(1));
    chain.setBlock({ height: 110n });
    refuse('VOTING_OVER', 2, bob, u64(1), bool(true));
  });
});

describe('execution', () => {
  test('pays, by anyone, once', () => {
    const { chain, dao, alice, bob, dave, call, pay, vote, refuse } = deployed();
    pay(300n);
    vote(1, [alice, true], [bob, true]);
    chain.mine(10);
    const outcome = gas.record('dao: execute transfer', call(3, dave, u64(1)));
    expect(outcome).toEmit(EXECUTED, borsh(u64(1)));
    expect([dao.balance(), chain.balance(dave)]).toEqual([700n, 300n]);
    refuse('ALREADY_EXECUTED', 3, dave, u64(1));
  });

  test('pays other assets, too', () => {
    const { chain, dao, alice, bob, dave, call, pay, vote } = deployed();
    const coin = new Uint8Array(32).fill(0xc0);
    chain.setBalance(dao, 50n, coin);
    pay(20n, coin);
    vote(1, [alice, true], [bob, true]);
    chain.mine(10);
    expect(call(3, dave, u64(1))).toSucceed();
    expect([dao.balance(coin), chain.balance(dave, coin), dao.balance()]).toEqual([30n, 20n, 1_000n]);
  });

  test('needs the quorum', () => {
    const { chain, alice, bob, pay, vote, refuse, call } = deployed();
    pay(300n);
    pay(300n);
    vote(1, [alice, true]);
    vote(2, [bob, true], [alice, true]);
    chain.mine(10);
    refuse('QUORUM_MISSED', 3, bob, u64(1));
    expect(call(3, bob, u64(2))).toSucceed();
  });

  test('needs more for it than against it', () => {
    const { chain, alice, bob, carol, pay, vote, refuse } = deployed();
    pay(300n);
    pay(300n);
    vote(1, [alice, true], [bob, false], [carol, false]);
    vote(2, [alice, false], [bob, true]);
    chain.mine(10);
    for (const id of [1, 2]) refuse('REJECTED', 3, alice, u64(id));
    refuse('NO_SUCH_PROPOSAL', 3, alice, u64(3));
  });

  test('waits while there is too little to spend', () => {
    const { chain, dao, alice, bob, dave, call, pay, vote, refuse } = deployed();
    pay(1_001n);
    vote(1, [alice, true], [bob, true]);
    chain.mine(10);
    refuse('TREASURY_TOO_LOW', 3, alice, u64(1));
    chain.setBalance(dao, 1_001n);
    expect(call(3, alice, u64(1))).toSucceed();
    expect(chain.balance(dave)).toBe(1_001n);
  });
});

describe('a call that was voted for', () => {
  function proposed(
    target: 'counter' | 'faulty' | 'hasher' | 'dao',
    entry: number,
    value: bigint,
    params: Uint8Array,
  ) {
    const all = deployed();
    const { chain, dao, alice, bob, call, vote } = all;
    const contract = target === 'dao' ? dao : chain.deploy(contractFile(`${target}/${target}.so`));
    const outcome = call(1, alice, bytes32(contract), u16(entry), u64(value), bytes(params));
    vote(1, [alice, true], [bob, true]);
    chain.mine(10);
    return { ...all, contract, outcome };
  }

  test('is made with its params and value', () => {
    const { dao, dave, contract, outcome, call } = proposed('counter', 0, 25n, borsh(u64(7)));
    gas.record('dao: propose_call', outcome);
    const executed = gas.record('dao: execute call', call(3, dave, u64(1)));
    expect(executed).toEmit({ id: EXECUTED, contract: dao });
    expect(contract.storage('value')).toEqual(borsh(u64(7)));
    expect([dao.balance(), contract.balance()]).toEqual([975n, 25n]);
  });

  test('carries 512 bytes of params, whole', () => {
    // The hasher succeeds only if the list and its one part of 504 bytes are all there.
    const { dave, call } = proposed('hasher', 0, 0n, borsh(u32(1), bytes(new Uint8Array(504))));
    expect(call(3, dave, u64(1))).toSucceed();
  });

  test('stays to be done when it fails or cannot be paid', () => {
    const broken = proposed('faulty', 4, 25n, new Uint8Array(0));
    broken.refuse('CALL_FAILED', 3, broken.dave, u64(1));
    const refused = proposed('faulty', 5, 25n, new Uint8Array(0));
    refused.refuse('CALL_FAILED', 3, refused.dave, u64(1));
    const dear = proposed('counter', 0, 1_001n, new Uint8Array(0));
    dear.refuse('TREASURY_TOO_LOW', 3, dear.dave, u64(1));
    dear.chain.setBalance(dear.dao, 1_001n);
    expect(dear.call(3, dear.dave, u64(1))).toSucceed();
  });

  test('cannot be of the contract itself', () => {
    const { chain, dave, call } = proposed('dao', 3, 0n, borsh(u64(1)));
    expect(expectUnchanged(chain, () => call(3, dave, u64(1)))).toFailWith('REENTRANCY');
  });
});

test.each([0, 1, 2, 3, 4, 5])('entry %i refuses an input of another length', (entry) => {
  const { chain, dao, alice } = deployed();
  for (const length of [0, 7, 10, 31, 33, 45, 71, 73]) {
    const input = new Uint8Array(length);
    exits.expectRefusal(chain, 'BAD_INPUT', () => dao.call(entry, { input, sender: alice }));
  }
});

test('there is no default entry', () => {
  const { chain, dao } = deployed();
  exits.expectRefusal(chain, 'NO_SUCH_ENTRY', () => dao.call('entrypoint'));
});

test('all exit codes were seen', () => exits.expectAllSeen());

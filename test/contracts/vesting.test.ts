import type { TypedValue } from '@switchyard/core';
import { bool, borsh, bytes32, type TestAccount, u64 } from '@switchyard/testing';
import { anyInteger, fuzzContract } from '@switchyard/testing/fuzz';
import { array, bigInt, tuple } from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { chainOfContracts, contractFile, contractGas, ExitCodes, readU64 } from './contract-tests.ts';

const exits = new ExitCodes('vesting');
const gas = contractGas();
afterAll(() => gas.close());

type Values = readonly TypedValue[];
const [CREATED, CLAIMED, REVOKED] = [1, 2, 3] as const;
const MAX = 2n ** 64n - 1n;

interface Schedule {
  readonly value?: bigint;
  readonly start?: bigint;
  readonly cliff?: bigint;
  readonly duration?: bigint;
  readonly revocable?: boolean;
}

function deployed() {
  const chain = chainOfContracts({ accounts: { funder: 10_000n } });
  const [funder, worker, other] = ['funder', 'worker', 'other'].map((name) => chain.account(name)) as [
    TestAccount,
    TestAccount,
    TestAccount,
  ];
  const vesting = chain.deploy(contractFile('vesting/vesting.so'));
  const create = (schedule: Schedule = {}) => {
    const { value = 1_000n, start = 100n, cliff = 25n, duration = 100n, revocable = true } = schedule;
    const args = [bytes32(worker), u64(start), u64(cliff), u64(duration), bool(revocable)];
    return vesting.call(0, { sender: funder, value, args });
  };
  const at = (timestamp: bigint) => chain.setBlock({ timestamp });
  const call = (entry: number, sender: TestAccount, ...args: Values) => vesting.call(entry, { sender, args });
  const refuse = (name: string, entry: number, sender: TestAccount, ...args: Values) =>
    exits.expectRefusal(chain, name, () => call(entry, sender, ...args));
  const balances = () => [chain.balance(funder), chain.balance(worker), vesting.balance()];
  const claimable = () => readU64(vesting.simulate(4, { args: [u64(1)] }).returnData);
  return { chain, vesting, funder, worker, other, create, at, call, refuse, balances, claimable };
}

describe('creating', () => {
  test('keeps the value and the schedule', () => {
    const { vesting, funder, worker, create, call } = deployed();
    const outcome = gas.record('vesting: create', create());
    expect(outcome).toReturnBytes(borsh(u64(1)));
    expect(outcome).toEmit(CREATED, borsh(u64(1), bytes32(funder), bytes32(worker), u64(1_000)));
    expect(gas.record('vesting: grant', call(3, worker, u64(1)))).toReturnBytes(
      borsh(bytes32(funder), bytes32(worker), u64(100), u64(25), u64(100), u64(1_000), u64(0), u64(1)),
    );
    expect(vesting.storage('owed')).toEqual(borsh(u64(1_000)));
    expect(create({ value: 7n })).toReturnBytes(borsh(u64(2)));
    expect(vesting.storage('owed')).toEqual(borsh(u64(1_007)));
  });

  test('refuses no value, and schedules that make no sense', () => {
    const { chain, create } = deployed();
    const refused = (name: string, schedule: Schedule) =>
      exits.expectRefusal(chain, name, () => create(schedule));
    refused('NOTHING_DEPOSITED', { value: 0n });
    refused('BAD_SCHEDULE', { duration: 0n, cliff: 0n });
    refused('BAD_SCHEDULE', { cliff: 101n });
    refused('BAD_SCHEDULE', { start: MAX - 99n });
    expect(create({ start: MAX - 100n })).toSucceed();
  });

  test('refuses a malformed flag', () => {
    const { chain, vesting, worker } = deployed();
    const input = borsh(bytes32(worker), u64(1), u64(1), u64(1), u64(2)).subarray(0, 57);
    exits.expectRefusal(chain, 'BAD_INPUT', () => vesting.call(0, { input }));
  });
});

describe('claiming', () => {
  test('pays nothing before the cliff, a share after it, all at the end', () => {
    const { worker, create, at, call, refuse, balances, claimable, vesting } = deployed();
    create();
    at(124n);
    expect(claimable()).toBe(0n);
    refuse('NOTHING_VESTED', 1, worker, u64(1));
    at(125n);
    gas.record('vesting: claimable', call(4, worker, u64(1)));
    const outcome = gas.record('vesting: claim', call(1, worker, u64(1)));
    expect(outcome).toReturnBytes(borsh(u64(250)));
    expect(outcome).toEmit(CLAIMED, borsh(u64(1), bytes32(worker), u64(250)));
    refuse('NOTHING_VESTED', 1, worker, u64(1));
    at(199n);
    expect(call(1, worker, u64(1))).toReturnBytes(borsh(u64(740)));
    at(10_000n);
    expect(gas.record('vesting: last claim', call(1, worker, u64(1)))).toReturnBytes(borsh(u64(10)));
    expect([balances(), vesting.storage('owed')]).toEqual([[9_000n, 1_000n, 0n], borsh(u64(0))]);
    refuse('NO_SUCH_GRANT', 1, worker, u64(1));
  });

  test('is for the beneficiary', () => {
    const { funder, other, create, at, refuse } = deployed();
    create();
    at(200n);
    refuse('NOT_ALLOWED', 1, funder, u64(1));
    refuse('NOT_ALLOWED', 1, other, u64(1));
  });

  test('is exact for the largest amounts', () => {
    const { chain, funder, create, at, claimable } = deployed();
    chain.setBalance(funder, MAX);
    create({ value: MAX, start: 0n, cliff: 0n, duration: MAX });
    at(MAX / 3n);
    expect(claimable()).toBe((MAX * (MAX / 3n)) / MAX);
    at(MAX - 1n);
    expect(claimable()).toBe(MAX - 1n);
  });
});

describe('revoking', () => {
  test('pays what has vested, and gives the rest back', () => {
    const { funder, worker, create, at, call, refuse, balances } = deployed();
    create();
    create({ value: 500n });
    at(130n);
    call(1, worker, u64(1));
    at(150n);
    const outcome = gas.record('vesting: revoke', call(2, funder, u64(1)));
    expect(outcome).toEmit(REVOKED, borsh(u64(1), u64(200), u64(500)));
    expect(balances()).toEqual([9_000n, 500n, 500n]);
    for (const entry of [1, 2, 3, 4]) refuse('NO_SUCH_GRANT', entry, funder, u64(1));
  });

  test('before the cliff gives all back, after the end nothing', () => {
    const { funder, create, at, call, balances } = deployed();
    create();
    expect(call(2, funder, u64(1))).toEmit(REVOKED, borsh(u64(1), u64(0), u64(1_000)));
    expect(balances()).toEqual([10_000n, 0n, 0n]);
    create();
    at(200n);
    expect(call(2, funder, u64(2))).toEmit(REVOKED, borsh(u64(2), u64(1_000), u64(0)));
    expect(balances()).toEqual([9_000n, 1_000n, 0n]);
  });

  test('is for the funder of a grant that allows it', () => {
    const { funder, worker, create, refuse } = deployed();
    create({ revocable: false });
    refuse('NOT_ALLOWED', 2, worker, u64(1));
    refuse('NOT_REVOCABLE', 2, funder, u64(1));
  });
});

test('however often it is claimed, all is paid once and nothing is lost', () => {
  const { chain, worker, create, at, call, balances } = deployed();
  const cases = tuple(
    anyInteger('u64', { min: 1n, max: 9_000n }),
    bigInt({ min: 1n, max: 50n }),
    bigInt({ min: 0n, max: 50n }),
    array(bigInt({ min: 0n, max: 30n }), { maxLength: 6 }),
  );
  fuzzContract(
    chain,
    cases,
    ([value, duration, cliff, steps]) => {
      const amount = 'value' in value ? BigInt(value.value as bigint) : 0n;
      create({ value: amount, start: 10n, duration, cliff: cliff < duration ? cliff : duration });
      let now = 0n;
      for (const step of [...steps, 1_000n]) {
        now += step;
        at(now);
        call(1, worker, u64(1));
        const [, paid, left] = balances();
        expect(paid! + left!).toBe(amount);
        if (now >= 10n + cliff && now < 10n + duration) expect(paid).toBe((amount * (now - 10n)) / duration);
      }
      expect(balances()).toEqual([10_000n - amount, amount, 0n]);
    },
    { print: () => {} },
  );
});

test.each([0, 1, 2, 3, 4])('entry %i refuses an input of another length', (entry) => {
  const { chain, vesting } = deployed();
  for (const length of [0, 7, 9, 56, 58]) {
    const input = new Uint8Array(length);
    exits.expectRefusal(chain, 'BAD_INPUT', () => vesting.call(entry, { input }));
  }
});

test('there is no default entry', () => {
  const { chain, vesting } = deployed();
  exits.expectRefusal(chain, 'NO_SUCH_ENTRY', () => vesting.call('entrypoint'));
});

test('all exit codes were seen', () => exits.expectAllSeen());

import type { TypedValue } from '@switchyard/core';
import { borsh, bytes32, type TestAccount, u64 } from '@switchyard/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { chainOfContracts, contractFile, contractGas, ExitCodes, expectUnchanged } from './contract-tests.ts';

const exits = new ExitCodes('escrow');
const gas = contractGas();
afterAll(() => gas.close());

type Values = readonly TypedValue[];
const [OPENED, RELEASED, REFUNDED] = [1, 2, 3] as const;
const DEADLINE = 5_000n;

function deployed() {
  const chain = chainOfContracts({ accounts: { buyer: 1_000n }, block: { timestamp: 100n } });
  const [buyer, seller, arbiter, other] = ['buyer', 'seller', 'arbiter', 'other'].map((name) =>
    chain.account(name),
  ) as [TestAccount, TestAccount, TestAccount, TestAccount];
  const escrow = chain.deploy(contractFile('escrow/escrow.so'));
  const open = (value: bigint) =>
    escrow.call(0, { sender: buyer, value, args: [bytes32(seller), bytes32(arbiter), u64(DEADLINE)] });
  const call = (entry: number, sender: TestAccount, ...args: Values) => escrow.call(entry, { sender, args });
  const refuse = (name: string, entry: number, sender: TestAccount, ...args: Values) =>
    exits.expectRefusal(chain, name, () => call(entry, sender, ...args));
  const balances = () => [chain.balance(buyer), chain.balance(seller), escrow.balance()];
  return { chain, escrow, buyer, seller, arbiter, other, open, call, refuse, balances };
}

describe('opening', () => {
  test('keeps the payment and writes the deal down', () => {
    const { escrow, buyer, seller, arbiter, open, call, balances } = deployed();
    const outcome = gas.record('escrow: open', open(300n));
    expect(outcome).toReturnBytes(borsh(u64(1)));
    expect(outcome).toEmit(OPENED, borsh(u64(1), bytes32(buyer), bytes32(seller), u64(300)));
    expect(balances()).toEqual([700n, 0n, 300n]);
    expect(gas.record('escrow: deal', call(3, seller, u64(1)))).toReturnBytes(
      borsh(bytes32(buyer), bytes32(seller), bytes32(arbiter), u64(300), u64(DEADLINE)),
    );
    expect(escrow.storage('held')).toEqual(borsh(u64(300)));
  });

  test('takes the value of this call only, though the contract holds more', () => {
    const { seller, open, call } = deployed();
    open(300n);
    expect(open(50n)).toReturnBytes(borsh(u64(2)));
    expect(call(3, seller, u64(2)).returnData.subarray(96, 104)).toEqual(borsh(u64(50)));
  });

  test('without value is refused, also when others have paid', () => {
    const { chain, open } = deployed();
    exits.expectRefusal(chain, 'NOTHING_DEPOSITED', () => open(0n));
    open(300n);
    exits.expectRefusal(chain, 'NOTHING_DEPOSITED', () => open(0n));
  });

  test('gives the value back when the parameters are wrong', () => {
    const { chain, escrow, buyer } = deployed();
    exits.expectRefusal(chain, 'BAD_INPUT', () =>
      escrow.call(0, { sender: buyer, value: 5n, args: [bytes32(buyer)] }),
    );
  });

  test('with more than the buyer has fails before the contract runs', () => {
    const { chain, open } = deployed();
    expect(expectUnchanged(chain, () => open(1_001n))).toFailWith('INSUFFICIENT_BALANCE');
  });
});

describe('release', () => {
  test.each(['buyer', 'arbiter'] as const)('by the %s pays the seller, once', (who) => {
    const parties = deployed();
    const { open, call, refuse, balances, seller, escrow } = parties;
    open(300n);
    open(200n);
    const outcome = call(1, parties[who], u64(1));
    if (who === 'buyer') gas.record('escrow: release', outcome);
    expect(outcome).toEmit(RELEASED, borsh(u64(1), bytes32(seller), u64(300)));
    expect(balances()).toEqual([500n, 300n, 200n]);
    expect(escrow.storage('held')).toEqual(borsh(u64(200)));
    refuse('NO_SUCH_DEAL', 1, parties[who], u64(1));
    refuse('NO_SUCH_DEAL', 2, parties[who], u64(1));
  });

  test.each(['seller', 'other'] as const)('by the %s is refused', (who) => {
    const parties = deployed();
    parties.open(300n);
    parties.refuse('NOT_ALLOWED', 1, parties[who], u64(1));
  });
});

describe('refund', () => {
  test.each(['seller', 'arbiter'] as const)('by the %s pays the buyer at any time', (who) => {
    const parties = deployed();
    const { buyer, open, call, balances, refuse } = parties;
    open(300n);
    const outcome = call(2, parties[who], u64(1));
    if (who === 'seller') gas.record('escrow: refund', outcome);
    expect(outcome).toEmit(REFUNDED, borsh(u64(1), bytes32(buyer), u64(300)));
    expect(balances()).toEqual([1_000n, 0n, 0n]);
    refuse('NO_SUCH_DEAL', 3, buyer, u64(1));
  });

  test('by the buyer works from the deadline on', () => {
    const { chain, buyer, open, call, refuse, balances } = deployed();
    open(300n);
    chain.setBlock({ timestamp: DEADLINE - 1n });
    refuse('TOO_EARLY', 2, buyer, u64(1));
    chain.advanceTime(1);
    expect(call(2, buyer, u64(1))).toSucceed();
    expect(balances()).toEqual([1_000n, 0n, 0n]);
  });

  test('by anybody else is refused, after the deadline too', () => {
    const { chain, other, open, refuse } = deployed();
    open(300n);
    chain.setBlock({ timestamp: DEADLINE });
    refuse('NOT_ALLOWED', 2, other, u64(1));
  });
});

test('a payment that would overflow the seller’s balance stays', () => {
  const { chain, buyer, seller, open, call, balances } = deployed();
  open(300n);
  chain.setBalance(seller, 2n ** 64n - 1n);
  expect(expectUnchanged(chain, () => call(1, buyer, u64(1)))).toFailWith('BALANCE_OVERFLOW');
  chain.setBalance(seller, 0n);
  expect(call(1, buyer, u64(1))).toSucceed();
  expect(balances()).toEqual([700n, 300n, 0n]);
});

test.each([0, 1, 2, 3])('entry %i refuses an input of another length', (entry) => {
  const { chain, escrow } = deployed();
  for (const length of [0, 7, 9, 71, 73]) {
    const input = new Uint8Array(length);
    exits.expectRefusal(chain, 'BAD_INPUT', () => escrow.call(entry, { input }));
  }
});

test('there is no default entry', () => {
  const { chain, escrow } = deployed();
  exits.expectRefusal(chain, 'NO_SUCH_ENTRY', () => escrow.call('entrypoint'));
});

test('all exit codes were seen', () => exits.expectAllSeen());

import { concatBytes, encodeUtf8, type TypedValue } from '@switchyard/core';
import { borsh, bytes32, type TestAccount, text, u8, u64 } from '@switchyard/testing';
import { anyInteger, callSequences, fuzzContract } from '@switchyard/testing/fuzz';
import { constantFrom } from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  chainOfContracts,
  contractFile,
  contractGas,
  ExitCodes,
  expectUnchanged,
  readU64,
} from './contract-tests.ts';

const exits = new ExitCodes('token');
const gas = contractGas();
afterAll(() => gas.close());

const MAX = 2n ** 64n - 1n;
const nobody = new Uint8Array(32);
const [TRANSFER, MINT, APPROVAL, BURN, OWNERSHIP] = [1, 2, 3, 4, 5];

function deployed(supply = 1_000n) {
  const chain = chainOfContracts();
  const [alice, bob, carol] = [chain.account('alice'), chain.account('bob'), chain.account('carol')];
  const token = chain.deploy(contractFile('token/token.so'), { sender: alice, args: [u64(supply)] });
  const call = (entry: number, sender: TestAccount, ...args: readonly TypedValue[]) =>
    token.call(entry, { sender, args });
  const refuse = (name: string, entry: number, sender: TestAccount, ...args: readonly TypedValue[]) =>
    exits.expectRefusal(chain, name, () => call(entry, sender, ...args));
  const balances = () =>
    [alice, bob, carol].map((holder) => readU64(token.simulate(1, { args: [bytes32(holder)] }).returnData));
  const supplyNow = () => readU64(token.simulate(3).returnData);
  const allowance = (owner: TestAccount, spender: TestAccount) =>
    readU64(token.simulate(6, { args: [bytes32(owner), bytes32(spender)] }).returnData);
  return { chain, token, alice, bob, carol, call, refuse, balances, supplyNow, allowance };
}

describe('deployment', () => {
  test('gives the initial supply to the owner, with an event', () => {
    const { token, alice, balances, supplyNow } = deployed(500n);
    gas.record('token: deploy', token.deployment);
    expect(token.deployment).toEmit(MINT!, borsh(bytes32(alice), u64(500)));
    expect([balances(), supplyNow()]).toEqual([[500n, 0n, 0n], 500n]);
    expect(token.call(4)).toReturnBytes(alice.address);
    expect(token.storage(concatBytes(encodeUtf8('balances:'), alice.address))).toEqual(borsh(u64(500)));
    expect(token.storage('supply')).toEqual(borsh(u64(500)));
  });

  test('takes name, symbol and decimals, or has its own', () => {
    const { chain, token } = deployed();
    expect(token.call(9)).toReturnBytes(borsh(text('Token')));
    expect(token.call(10)).toReturnBytes(borsh(text('TOK')));
    expect(token.call(11)).toReturnBytes(borsh(u8(0)));
    const named = chain.deploy(contractFile('token/token.so'), {
      args: [u64(5), text('Pound of salt'), text('SALT'), u8(9)],
    });
    gas.record('token: deploy with metadata', named.deployment);
    expect(gas.record('token: name', named.call(9))).toReturnBytes(borsh(text('Pound of salt')));
    expect(gas.record('token: symbol', named.call(10))).toReturnBytes(borsh(text('SALT')));
    expect(gas.record('token: decimals', named.call(11))).toReturnBytes(borsh(u8(9)));
  });

  test('without input makes 1,000,000 units; a supply of 0 makes none and no event', () => {
    const { chain, token } = deployed(0n);
    expect(token.deployment.events).toEqual([]);
    const plain = chain.deploy(contractFile('token/token.so'));
    expect(plain.call(3)).toReturnBytes(borsh(u64(1_000_000)));
  });

  test('refuses a malformed or too long name, and a second run', () => {
    const { chain, token, alice } = deployed();
    const hook = { kind: 'hook', id: 0 } as const;
    const construct = (input: Uint8Array) =>
      exits.expectRefusal(chain, 'BAD_INPUT', () => token.call(hook, { input, sender: alice }));
    construct(Uint8Array.of(1, 2, 3));
    construct(borsh(u64(1), text('')));
    construct(borsh(u64(1), text('N'), text('S')));
    construct(borsh(u64(1), text(''), text('S'), u8(0)));
    construct(borsh(u64(1), text('N'), text('S'.repeat(33)), u8(0)));
    exits.expectRefusal(chain, 'ALREADY_DEPLOYED', () => token.call(hook, { sender: alice }));
  });

  test('stays done after the owner is gone', () => {
    const { chain, token, alice, call } = deployed();
    expect(call(14, alice)).toSucceed();
    exits.expectRefusal(chain, 'ALREADY_DEPLOYED', () => token.call({ kind: 'hook', id: 0 }));
  });
});

describe('transfer', () => {
  test('moves units and says so', () => {
    const { alice, bob, call, balances } = deployed();
    const outcome = gas.record('token: transfer', call(0, alice, bytes32(bob), u64(250)));
    expect(outcome).toSucceed();
    expect(outcome.events).toHaveLength(1);
    expect(outcome).toEmit(TRANSFER!, borsh(bytes32(alice), bytes32(bob), u64(250)));
    expect(balances()).toEqual([750n, 250n, 0n]);
    expect(gas.record('token: transfer again', call(0, alice, bytes32(bob), u64(250)))).toSucceed();
  });

  test('of everything leaves no key behind', () => {
    const { token, alice, bob, call, balances } = deployed();
    expect(gas.record('token: transfer all', call(0, alice, bytes32(bob), u64(1_000)))).toSucceed();
    expect(balances()).toEqual([0n, 1_000n, 0n]);
    expect(token.storage(concatBytes(encodeUtf8('balances:'), alice.address))).toBeUndefined();
  });

  test('to oneself and of nothing changes nothing', () => {
    const { alice, carol, bob, call, balances } = deployed();
    expect(call(0, alice, bytes32(alice), u64(1_000))).toSucceed();
    expect(call(0, carol, bytes32(bob), u64(0))).toSucceed();
    expect(balances()).toEqual([1_000n, 0n, 0n]);
  });

  test('of more than there is ends with BALANCE_TOO_LOW', () => {
    const { alice, bob, refuse } = deployed();
    refuse('BALANCE_TOO_LOW', 0, alice, bytes32(bob), u64(1_001));
    refuse('BALANCE_TOO_LOW', 0, bob, bytes32(bob), u64(1));
  });
});

describe('allowances', () => {
  test('are given, spent and gone', () => {
    const { token, alice, bob, carol, call, balances, allowance } = deployed();
    const approval = gas.record('token: approve', call(5, alice, bytes32(bob), u64(300)));
    expect(approval).toEmit(APPROVAL!, borsh(bytes32(alice), bytes32(bob), u64(300)));
    const taken = gas.record('token: transfer_from', call(7, bob, bytes32(alice), bytes32(carol), u64(120)));
    expect(taken).toEmit(TRANSFER!, borsh(bytes32(alice), bytes32(carol), u64(120)));
    expect([balances(), allowance(alice, bob)]).toEqual([[880n, 0n, 120n], 180n]);
    gas.record('token: allowance', token.simulate(6, { args: [bytes32(alice), bytes32(bob)] }));
    expect(call(7, bob, bytes32(alice), bytes32(bob), u64(180))).toSucceed();
    expect([balances(), allowance(alice, bob)]).toEqual([[700n, 180n, 120n], 0n]);
    const key = concatBytes(encodeUtf8('allowances:'), alice.address, bob.address);
    expect(token.storage(key)).toBeUndefined();
  });

  test('are replaced, not added to, and are nobody else’s', () => {
    const { alice, bob, carol, call, refuse, allowance } = deployed();
    call(5, alice, bytes32(bob), u64(300));
    call(5, alice, bytes32(bob), u64(10));
    expect(allowance(alice, bob)).toBe(10n);
    refuse('ALLOWANCE_TOO_LOW', 7, bob, bytes32(alice), bytes32(bob), u64(11));
    refuse('ALLOWANCE_TOO_LOW', 7, carol, bytes32(alice), bytes32(carol), u64(1));
    refuse('ALLOWANCE_TOO_LOW', 7, alice, bytes32(bob), bytes32(alice), u64(1));
  });

  test('above the balance help nobody', () => {
    const { alice, bob, call, refuse, allowance } = deployed();
    call(5, alice, bytes32(bob), u64(MAX));
    refuse('BALANCE_TOO_LOW', 7, bob, bytes32(alice), bytes32(bob), u64(1_001));
    expect(allowance(alice, bob)).toBe(MAX);
  });
});

describe('supply', () => {
  test('grows by what the owner mints', () => {
    const { alice, bob, call, balances, supplyNow } = deployed();
    const outcome = gas.record('token: mint', call(2, alice, bytes32(bob), u64(7)));
    expect(outcome).toEmit(MINT!, borsh(bytes32(bob), u64(7)));
    expect([balances(), supplyNow()]).toEqual([[1_000n, 7n, 0n], 1_007n]);
  });

  test('shrinks by what is burnt', () => {
    const { alice, call, refuse, balances, supplyNow } = deployed();
    const outcome = gas.record('token: burn', call(8, alice, u64(400)));
    expect(outcome).toEmit(BURN!, borsh(bytes32(alice), u64(400)));
    expect([balances(), supplyNow()]).toEqual([[600n, 0n, 0n], 600n]);
    refuse('BALANCE_TOO_LOW', 8, alice, u64(601));
  });

  test('cannot exceed 2^64 − 1', () => {
    const { alice, bob, call, refuse, supplyNow } = deployed();
    refuse('SUPPLY_OVERFLOW', 2, alice, bytes32(bob), u64(MAX - 999n));
    expect(call(2, alice, bytes32(bob), u64(MAX - 1_000n))).toSucceed();
    expect(supplyNow()).toBe(MAX);
    refuse('SUPPLY_OVERFLOW', 2, alice, bytes32(alice), u64(1));
  });

  test('is made by nobody but the owner', () => {
    const { bob, refuse } = deployed();
    refuse('NOT_OWNER', 2, bob, bytes32(bob), u64(1));
  });
});

describe('ownership', () => {
  test('goes over in two steps', () => {
    const { token, alice, bob, carol, call, refuse } = deployed();
    expect(gas.record('token: offer_ownership', call(12, alice, bytes32(bob)))).toSucceed();
    expect(token.call(4)).toReturnBytes(alice.address);
    refuse('NOT_OFFERED', 13, carol);
    const outcome = gas.record('token: accept_ownership', call(13, bob));
    expect(outcome).toEmit(OWNERSHIP!, borsh(bytes32(alice), bytes32(bob)));
    expect(token.call(4)).toReturnBytes(bob.address);
    refuse('NOT_OWNER', 2, alice, bytes32(alice), u64(1));
    expect(call(2, bob, bytes32(bob), u64(1))).toSucceed();
    refuse('NOT_OFFERED', 13, bob);
  });

  test('is offered and renounced by the owner only', () => {
    const { bob, refuse } = deployed();
    refuse('NOT_OWNER', 12, bob, bytes32(bob));
    refuse('NOT_OWNER', 14, bob);
  });

  test('ends when it is renounced, together with an offer', () => {
    const { token, alice, bob, call, refuse } = deployed();
    call(12, alice, bytes32(bob));
    const outcome = gas.record('token: renounce_ownership', call(14, alice));
    expect(outcome).toEmit(OWNERSHIP!, borsh(bytes32(alice), bytes32(nobody)));
    expect(token.call(4)).toReturnBytes(nobody);
    refuse('NOT_OFFERED', 13, bob);
    refuse('NOT_OWNER', 2, alice, bytes32(alice), u64(1));
  });
});

describe('every entry', () => {
  test.each([...Array(15).keys()])('%i refuses an input of another length', (entry) => {
    const { chain, token, alice } = deployed();
    for (const length of [1, 31, 33, 39, 41, 63, 65, 71, 73]) {
      const input = new Uint8Array(length);
      exits.expectRefusal(chain, 'BAD_INPUT', () => token.call(entry, { input, sender: alice }));
    }
  });

  test('is called by number through the default entry', () => {
    const { chain, token, alice, bob } = deployed();
    const main = (input: Uint8Array) => token.call('entrypoint', { input, sender: alice });
    expect(main(concatBytes(Uint8Array.of(0), borsh(bytes32(bob), u64(5))))).toEmit(TRANSFER!);
    const balance = main(concatBytes(Uint8Array.of(1), borsh(bytes32(bob))));
    expect(gas.record('token: balance_of by number', balance)).toReturnBytes(borsh(u64(5)));
    expect(main(Uint8Array.of(14))).toSucceed();
    for (const input of [new Uint8Array(0), Uint8Array.of(15), Uint8Array.of(255, 0)]) {
      exits.expectRefusal(chain, 'NO_SUCH_ENTRY', () => main(input));
    }
  });

  test('that reads works in a read-only call, and one that writes fails', () => {
    const { chain, token, alice, bob } = deployed();
    const static_ = (entry: number, ...args: readonly TypedValue[]) =>
      token.call(entry, { args, sender: alice, isStatic: true });
    for (const entry of [3, 4, 9, 10, 11]) expect(static_(entry)).toSucceed();
    expect(static_(1, bytes32(bob))).toSucceed();
    expect(static_(6, bytes32(alice), bytes32(bob))).toSucceed();
    const transfer = expectUnchanged(chain, () => static_(0, bytes32(bob), u64(1)));
    expect(transfer).toFailWith('STATIC_VIOLATION');
  });

  test('without gas for its last step changes nothing', () => {
    const { chain, token, alice, bob } = deployed();
    const options = { sender: alice, args: [bytes32(bob), u64(1)] };
    const { gasLimit } = token.estimateGas(0, options);
    const outcome = expectUnchanged(chain, () => token.call(0, { ...options, gasLimit: gasLimit - 1n }));
    expect(outcome).toFailWith('OUT_OF_GAS');
    expect(token.call(0, { ...options, gasLimit })).toSucceed();
  });
});

test('whatever is called, the balances add up to the supply', () => {
  const { chain, token, alice, bob, carol, balances, supplyNow } = deployed();
  const sender = constantFrom(alice, bob, carol);
  const account = sender.map(bytes32);
  const amount = anyInteger('u64', { max: 1_500n });
  const kinds = [
    { entry: 0, args: [account, amount] },
    { entry: 2, args: [account, anyInteger('u64')] },
    { entry: 5, args: [account, amount] },
    { entry: 7, args: [account, account, amount] },
    { entry: 8, args: [amount] },
    { entry: 12, args: [account] },
    { entry: 13, args: [] },
  ].map((kind) => ({ contract: token, sender, ...kind }));
  fuzzContract(
    chain,
    callSequences(kinds, { maxLength: 12 }),
    (calls) => {
      for (const call of calls) {
        expect(call.run().status).not.toBe('failed');
        const held = balances();
        expect(held[0]! + held[1]! + held[2]!).toBe(supplyNow());
      }
    },
    { print: () => {} },
  );
});

test('all exit codes were seen', () => exits.expectAllSeen());

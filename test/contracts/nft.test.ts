import { concatBytes, encodeUtf8, type TypedValue } from '@switchyard/core';
import { borsh, bytes32, type TestAccount, text, u8, u64 } from '@switchyard/testing';
import { anyInteger, callSequences, fuzzContract } from '@switchyard/testing/fuzz';
import { constant, constantFrom } from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  chainOfContracts,
  contractFile,
  contractGas,
  ExitCodes,
  readU64,
  stateOf,
} from './contract-tests.ts';

const exits = new ExitCodes('nft');
const gas = contractGas();
afterAll(() => gas.close());

type Values = readonly TypedValue[];
const [MINT, TRANSFER, APPROVAL, BURN] = [1, 2, 3, 4] as const;
const none = Uint8Array.of(0);
const some = (account: TestAccount) => concatBytes(Uint8Array.of(1), account.address);

function deployed() {
  const chain = chainOfContracts();
  const [alice, bob, carol] = [chain.account('alice'), chain.account('bob'), chain.account('carol')];
  const nft = chain.deploy(contractFile('nft/nft.so'), {
    sender: alice,
    args: [text('Old Maps'), text('MAP')],
  });
  const call = (entry: number, sender: TestAccount, ...args: Values) => nft.call(entry, { sender, args });
  const refuse = (name: string, entry: number, sender: TestAccount, ...args: Values) =>
    exits.expectRefusal(chain, name, () => call(entry, sender, ...args));
  const mint = (to: TestAccount, uri = 'ipfs://map') => call(0, alice, bytes32(to), text(uri));
  const approve = (sender: TestAccount, spender: Uint8Array, id: number) =>
    nft.call(2, { sender, input: concatBytes(spender, borsh(u64(id))) });
  const ask = (entry: number, ...args: Values) => readU64(nft.simulate(entry, { args }).returnData);
  /** The ids of a list by its count and its places. */
  const listed = (count: bigint, place: (index: bigint) => bigint) =>
    Array.from({ length: Number(count) }, (_, index) => place(BigInt(index)));
  const all = () => listed(ask(8), (index) => ask(9, u64(index)));
  const tokensOf = (holder: TestAccount) =>
    listed(ask(7, bytes32(holder)), (index) => ask(10, bytes32(holder), u64(index)));
  return { chain, nft, alice, bob, carol, call, refuse, mint, approve, ask, all, tokensOf };
}

describe('deployment', () => {
  test('names the collection and its minter', () => {
    const { nft, alice } = deployed();
    gas.record('nft: deploy', nft.deployment);
    expect(gas.record('nft: collection', nft.call(11))).toReturnBytes(
      borsh(text('Old Maps'), text('MAP'), bytes32(alice)),
    );
  });

  test('refuses names that are empty or too long, and a second run', () => {
    const { chain, nft } = deployed();
    const construct = (name: string, ...args: Values) =>
      exits.expectRefusal(chain, name, () => nft.call({ kind: 'hook', id: 0 }, { args }));
    construct('BAD_INPUT', text(''), text('MAP'));
    construct('BAD_INPUT', text('M'), text('M'.repeat(65)));
    construct('BAD_INPUT', text('Old Maps'));
    construct('ALREADY_DEPLOYED', text('New Maps'), text('NEW'));
  });
});

describe('minting', () => {
  test('counts ids from 1, and keeps owner and uri', () => {
    const { nft, bob, mint, all, tokensOf } = deployed();
    const first = gas.record('nft: mint', mint(bob, 'ipfs://one'));
    expect(first).toReturnBytes(borsh(u64(1)));
    expect(first).toEmit(MINT, borsh(bytes32(bob), u64(1)));
    expect(mint(bob, '')).toReturnBytes(borsh(u64(2)));
    expect(gas.record('nft: owner_of', nft.call(4, { args: [u64(1)] }))).toReturnBytes(bob.address);
    expect(gas.record('nft: uri', nft.call(6, { args: [u64(1)] }))).toReturnBytes(borsh(text('ipfs://one')));
    expect(nft.call(6, { args: [u64(2)] })).toReturnBytes(borsh(text('')));
    expect([all(), tokensOf(bob)]).toEqual([
      [1n, 2n],
      [1n, 2n],
    ]);
  });

  test('is for the minter, and takes uris of up to 256 bytes', () => {
    const { nft, alice, bob, refuse, mint } = deployed();
    refuse('NOT_MINTER', 0, bob, bytes32(bob), text('x'));
    refuse('BAD_INPUT', 0, alice, bytes32(bob), text('x'.repeat(257)));
    expect(mint(bob, 'x'.repeat(256))).toSucceed();
    expect(nft.call(6, { args: [u64(1)] })).toReturnBytes(borsh(text('x'.repeat(256))));
  });
});

describe('a transfer', () => {
  test('by the owner moves the token and leaves the lists whole', () => {
    const { bob, carol, call, mint, all, tokensOf, ask } = deployed();
    for (let i = 0; i < 3; i++) mint(bob);
    const outcome = gas.record('nft: transfer', call(1, bob, bytes32(carol), u64(1)));
    expect(outcome).toEmit(TRANSFER, borsh(bytes32(bob), bytes32(carol), u64(1)));
    // The last token has taken the place of the one that went.
    expect([tokensOf(bob), tokensOf(carol), all()]).toEqual([[3n, 2n], [1n], [1n, 2n, 3n]]);
    expect(call(1, bob, bytes32(carol), u64(3))).toSucceed();
    expect(call(1, bob, bytes32(carol), u64(2))).toSucceed();
    expect([tokensOf(bob), tokensOf(carol)]).toEqual([[], [1n, 3n, 2n]]);
    gas.record('nft: token_of_owner_by_index', call(10, bob, bytes32(carol), u64(2)));
    expect(ask(7, bytes32(bob))).toBe(0n);
  });

  test('to oneself changes nothing but the approval', () => {
    const { bob, call, mint, tokensOf } = deployed();
    mint(bob);
    mint(bob);
    expect(call(1, bob, bytes32(bob), u64(2))).toSucceed();
    expect(tokensOf(bob)).toEqual([1n, 2n]);
  });

  test('by whom the owner approved ends the approval', () => {
    const { nft, bob, carol, call, refuse, mint, approve } = deployed();
    mint(bob);
    const outcome = gas.record('nft: approve', approve(bob, some(carol), 1));
    expect(outcome).toEmit(APPROVAL, concatBytes(bob.address, some(carol), borsh(u64(1))));
    expect(gas.record('nft: approved', nft.call(5, { args: [u64(1)] }))).toReturnBytes(some(carol));
    expect(call(1, carol, bytes32(carol), u64(1))).toSucceed();
    expect(nft.call(5, { args: [u64(1)] })).toReturnBytes(none);
    expect(call(1, carol, bytes32(bob), u64(1))).toSucceed();
    refuse('NOT_ALLOWED', 1, carol, bytes32(carol), u64(1));
  });

  test('is refused to anyone else, and of what does not exist', () => {
    const { bob, carol, alice, refuse, mint } = deployed();
    mint(bob);
    refuse('NOT_ALLOWED', 1, carol, bytes32(carol), u64(1));
    refuse('NOT_ALLOWED', 1, alice, bytes32(alice), u64(1));
    refuse('NO_SUCH_TOKEN', 1, bob, bytes32(carol), u64(2));
    refuse('NO_SUCH_TOKEN', 1, bob, bytes32(carol), u64(0));
  });
});

describe('an approval', () => {
  test('is the owner’s to give and to take back', () => {
    const { chain, nft, bob, carol, refuse, mint, approve } = deployed();
    mint(bob);
    approve(bob, some(carol), 1);
    // Who is approved may move the token, not approve others.
    exits.expectRefusal(chain, 'NOT_ALLOWED', () => approve(carol, some(carol), 1));
    const outcome = approve(bob, none, 1);
    expect(outcome).toEmit(APPROVAL, concatBytes(bob.address, none, borsh(u64(1))));
    expect(nft.call(5, { args: [u64(1)] })).toReturnBytes(none);
    refuse('NOT_ALLOWED', 1, carol, bytes32(carol), u64(1));
    exits.expectRefusal(chain, 'NO_SUCH_TOKEN', () => approve(bob, some(carol), 2));
    exits.expectRefusal(chain, 'BAD_INPUT', () => approve(bob, Uint8Array.of(2), 1));
  });
});

describe('burning', () => {
  test('removes the token, and its id is not used again', () => {
    const { nft, bob, call, refuse, mint, all, tokensOf } = deployed();
    for (let i = 0; i < 3; i++) mint(bob);
    const outcome = gas.record('nft: burn', call(3, bob, u64(1)));
    expect(outcome).toEmit(BURN, borsh(bytes32(bob), u64(1)));
    expect([all(), tokensOf(bob)]).toEqual([
      [3n, 2n],
      [3n, 2n],
    ]);
    for (const entry of [4, 5, 6]) refuse('NO_SUCH_TOKEN', entry, bob, u64(1));
    refuse('NO_SUCH_TOKEN', 3, bob, u64(1));
    expect(mint(bob)).toReturnBytes(borsh(u64(4)));
    expect(all()).toEqual([3n, 2n, 4n]);
    expect(nft.storage(concatBytes(encodeUtf8('uris:'), borsh(u64(1))))).toBeUndefined();
  });

  test('of all tokens leaves the storage as it was, but for the last id', () => {
    const { chain, bob, carol, call, mint, approve } = deployed();
    const before = stateOf(chain);
    mint(bob);
    mint(carol);
    approve(bob, some(carol), 1);
    expect(call(3, carol, u64(1))).toSucceed();
    expect(call(3, carol, u64(2))).toSucceed();
    const left = stateOf(chain).filter((line) => !before.includes(line));
    expect(left.map((line) => Buffer.from(JSON.parse(line).key, 'hex').toString())).toEqual([
      'last_id',
      'supply',
    ]);
  });

  test('is refused to anyone else', () => {
    const { alice, bob, refuse, mint } = deployed();
    mint(bob);
    refuse('NOT_ALLOWED', 3, alice, u64(1));
  });
});

test('lists end where they end', () => {
  const { bob, carol, refuse, mint, nft } = deployed();
  mint(bob);
  refuse('INDEX_TOO_HIGH', 9, bob, u64(1));
  refuse('INDEX_TOO_HIGH', 10, bob, bytes32(bob), u64(1));
  refuse('INDEX_TOO_HIGH', 10, bob, bytes32(carol), u64(0));
  gas.record('nft: balance_of', nft.call(7, { args: [bytes32(bob)] }));
  gas.record('nft: total_supply', nft.call(8));
  gas.record('nft: token_by_index', nft.call(9, { args: [u64(0)] }));
});

test.each([...Array(12).keys()])('entry %i refuses an input of another length', (entry) => {
  const { chain, nft, bob } = deployed();
  for (const length of [1, 7, 10, 31, 33, 42]) {
    const input = new Uint8Array(length);
    exits.expectRefusal(chain, 'BAD_INPUT', () => nft.call(entry, { input, sender: bob }));
  }
});

test('there is no default entry', () => {
  const { chain, nft } = deployed();
  exits.expectRefusal(chain, 'NO_SUCH_ENTRY', () => nft.call('entrypoint'));
});

test('whatever is called, every token is in the list of all and in its owner’s, once', () => {
  const { chain, nft, alice, bob, carol, all, tokensOf } = deployed();
  const sender = constantFrom(alice, bob, carol);
  const account = sender.map(bytes32);
  const id = anyInteger('u64', { min: 1n, max: 5n });
  const kinds = [
    { entry: 0, sender: constant(alice), args: [account, constant(text('u'))] },
    { entry: 1, sender, args: [account, id] },
    { entry: 2, sender, args: [constant(u8(1)), account, id] },
    { entry: 3, sender, args: [id] },
  ].map((kind) => ({ contract: nft, ...kind }));
  fuzzContract(
    chain,
    callSequences(kinds, { maxLength: 12 }),
    (calls) => {
      for (const call of calls) expect(call.run().status).not.toBe('failed');
      const owned = [alice, bob, carol].map(tokensOf);
      const sorted = (ids: readonly bigint[]) => [...ids].sort((a, b) => Number(a - b));
      expect(sorted(owned.flat())).toEqual(sorted(all()));
      expect(new Set(all()).size).toBe(all().length);
      for (const [index, holder] of [alice, bob, carol].entries()) {
        for (const one of owned[index]!) {
          expect(nft.simulate(4, { args: [u64(one)] })).toReturnBytes(holder.address);
        }
      }
    },
    { print: () => {} },
  );
});

test('all exit codes were seen', () => exits.expectAllSeen());

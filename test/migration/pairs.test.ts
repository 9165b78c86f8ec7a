import { describe, expect, test } from 'vitest';
import { compareCalls, endsOf, reachedOf, readPair, runPair } from './pairs.ts';

interface ReachedPair {
  readonly name: string;
  /** The ends of each entry's calls. */
  readonly ends: Readonly<Record<string, string>>;
  /** Instructions of the legacy build. */
  readonly reached: string;
}

/** What 400 calls reach of each contract. */
const pairs: readonly ReachedPair[] = [
  {
    name: 'counter',
    ends: { constructor: 'success', add: 'exit 1, success', expect: 'exit 2, success' },
    reached: '41 of 41',
  },
  {
    name: 'token-ledger',
    ends: {
      constructor: 'success',
      mint: 'exit 1, success',
      transfer: 'exit 2, success',
      expect_balance: 'exit 3, success',
    },
    reached: '89 of 89',
  },
  {
    name: 'voting',
    ends: {
      constructor: 'success',
      propose: 'exit 1, exit 101, exit 2, success',
      vote: 'exit 101, exit 3, exit 4, success',
      expect_votes: 'exit 5, success',
    },
    reached: '97 of 97',
  },
  {
    name: 'escrow',
    ends: {
      open: 'exit 1, exit 2, success',
      release: 'exit 3, exit 4, exit 5, success',
      refund: 'exit 3, exit 4, success',
    },
    reached: '89 of 89',
  },
  {
    name: 'auction',
    // Exit 3 needs units that reach a bidder by another way than this contract.
    ends: {
      constructor: 'success',
      bid: 'exit 1, exit 2, success',
      close: 'exit 1, exit 4, exit 5, success',
    },
    reached: '107 of 109',
  },
  {
    name: 'vesting',
    ends: {
      fund: 'exit 1, exit 2, success',
      unlock: 'exit 3, exit 6, success',
      claim: 'exit 3, exit 4, exit 5, success',
    },
    reached: '116 of 116',
  },
  {
    name: 'name-registry',
    // Exit 3, that burning failed, cannot happen: what is burnt has just been deposited.
    ends: {
      register: 'exit 1, exit 2, exit 6, success',
      give: 'exit 4, success',
      expect_owner: 'exit 5, success',
    },
    reached: '80 of 82',
  },
  {
    name: 'multisig-vault',
    ends: {
      set_up: 'exit 1, exit 7, success',
      propose: 'exit 101, exit 2, exit 3, success',
      approve: 'exit 101, exit 2, exit 4, exit 5, exit 6, success',
    },
    reached: '129 of 129',
  },
];

describe('a port does what its legacy contract does', () => {
  test.each(pairs)('$name: in 400 calls, which reach its ends and its code', ({ name, ends, reached }) => {
    const report = runPair(readPair(name), { calls: 400, seed: 1 });
    expect(report.verdict).toBe('equal');
    expect(endsOf(report)).toEqual(ends);
    expect(reachedOf(report)).toBe(reached);
    expect(report.coverage.new!.unreached).toEqual(['entrypoint']);
  });
});

const call = (from: string, entry: string, args: string, value = '0') => ({
  from,
  entry,
  args,
  value,
  height: '0',
});

/** The sequence that a port's bug is shrunk to, from the first of the calls of seed 1 that shows it. */
const bugs = [
  {
    bug: 'a share that is rounded too early',
    name: 'buggy/vesting',
    calls: [
      call('owner', 'fund', '"owner"', '6'),
      call('owner', 'unlock', ''),
      call('owner', 'unlock', ''),
      call('owner', 'claim', ''),
    ],
    differs: ['storage claimed', 'flows #1'],
  },
  {
    bug: 'one slot for two things',
    name: 'buggy/escrow',
    calls: [
      call('buyer', 'open', '"buyer"', '1'),
      call('buyer', 'release', '', '1'),
      call('buyer', 'open', '"buyer"'),
    ],
    differs: ['outcome outcome'],
  },
  {
    bug: 'a missing event',
    name: 'buggy/multisig-vault',
    calls: [
      call('alice', 'set_up', '["alice"],"1"', '1'),
      call('alice', 'propose', '"1","alice","1"'),
      call('alice', 'approve', '"1"'),
    ],
    differs: ['events executed #1'],
  },
];

describe('a bug that the suite’s own calls do not show is found and shrunk', () => {
  test.each(bugs)('$name: $bug', ({ name, calls, differs }) => {
    expect(compareCalls(readPair(name)).report.verdict).toBe('equal');
    const [failure] = runPair(readPair(name), { calls: 10_000, seed: 1, failures: 1 }).shrunk;
    expect(failure!.calls).toEqual(calls);
    const places = failure!.divergence.differences.map(({ aspect, place }) => `${aspect} ${place}`);
    expect(places).toEqual(expect.arrayContaining(differs));
  });
});

describe('at its edges a port does what its legacy contract does', () => {
  const equal = (folder: string, sections: string): readonly string[] => {
    const { outcomes, report } = compareCalls(readPair(folder, sections));
    expect(report.divergences).toEqual([]);
    expect(report.verdict).toBe('equal');
    return outcomes;
  };

  test('vesting: the share of more than 2^62 wraps, so that more is to be claimed than there is', () => {
    const outcomes = equal(
      'vesting',
      `calls:
  - { call: fund, from: full, args: [worker], value: 9_223_372_036_854_775_808 }
  - { call: unlock, from: full }
  - { call: claim, from: worker }
  - { call: unlock, from: full }
  - { call: claim, from: worker }`,
    );
    expect(outcomes).toEqual(['success', 'success', 'success', 'success', 'exit 5']);
  });

  test('auction: a refund that the bidder’s balance cannot take fails the next bid', () => {
    const outcomes = equal(
      'auction',
      `state:
  - { item: bidder, value: full }
  - { item: highest, value: 5 }
calls:
  - { call: bid, from: alice, value: 6 }`,
    );
    expect(outcomes.at(-1)).toBe('exit 3');
  });

  test('auction: what a constructor was given is no part of the first bid', () => {
    const suite = readPair('auction');
    const { construct } = suite.start;
    const { outcomes, report } = compareCalls({
      ...suite,
      start: { ...suite.start, construct: { ...construct!, value: 50n } },
    });
    expect(report.verdict).toBe('equal');
    expect(outcomes[2]).toBe('exit 2');
  });

  test('escrow: what is released to the contract itself stays, and is no part of the next deal', () => {
    const outcomes = equal(
      'escrow',
      `calls:
  - { call: open, from: buyer, args: [contract], value: 5 }
  - { call: release, from: buyer }
  - { call: open, from: buyer, args: [seller] }
  - { call: open, from: buyer, args: [seller], value: 2 }
  - { call: refund, from: seller }`,
    );
    expect(outcomes).toEqual(['success', 'success', 'exit 2', 'success', 'success']);
  });

  test('multisig vault: a legacy slot takes 110 owners, who all approve; 111 stop the contract', () => {
    const owners = Array.from({ length: 111 }, (_, i) => `0x${(i + 1).toString(16).padStart(64, '0')}`);
    const few = owners.slice(0, 110);
    const outcomes = equal(
      'multisig-vault',
      `calls:
  - { call: set_up, from: alice, args: [[${owners.join(', ')}], 1] }
  - { call: set_up, from: alice, args: [[${few.join(', ')}], 110], value: 7 }
  - { call: propose, from: ${few[0]}, args: [1, bob, 7] }
${few.map((owner) => `  - { call: approve, from: ${owner}, args: [1] }`).join('\n')}`,
    );
    expect(outcomes[0]).toBe('exit 101');
    expect(outcomes.slice(1)).toEqual(Array(112).fill('success'));
  });

  test('multisig vault: an owner who is listed twice approves once', () => {
    const outcomes = equal(
      'multisig-vault',
      `calls:
  - { call: set_up, from: alice, args: [[alice, alice], 2], value: 7 }
  - { call: propose, from: alice, args: [1, bob, 7] }
  - { call: approve, from: alice, args: [1] }
  - { call: approve, from: alice, args: [1] }`,
    );
    expect(outcomes).toEqual(['success', 'success', 'success', 'exit 5']);
  });
});

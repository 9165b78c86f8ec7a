import { expect, test } from 'vitest';
import {
  anyoneMints,
  engines,
  ledgerSuite,
  legacyPair,
  selfTransferSuite,
  silentTransfer,
  today,
} from '../pairs.fixture.ts';
import { readAccepted } from './accepted.ts';
import { compare } from './compare.ts';

const run = (
  suite: Parameters<typeof compare>[0],
  accepted: Parameters<typeof compare>[1]['accepted'] = [],
) => compare(suite, { modules: engines, accepted, today });

const selfTransferred = selfTransferSuite((text) =>
  text.replace('args: [bob, 300]', 'args: [alice, 10]').replace('args: [alice, 700]', 'args: [bob, 0]'),
);

test('a faithful port does what the legacy contract did, call by call and in the final state', () => {
  const report = run(ledgerSuite());
  expect(report.verdict).toBe('equal');
  expect(report.totals).toEqual({ calls: 7, equal: 7, accepted: 0, different: 0, corrupt: 0 });
  expect(report.finalState).toEqual({ lines: 3, differences: [] });
  expect(report.calls[2]).toEqual({
    index: 2,
    entry: 'transfer',
    args: '"bob","300"',
    verdict: 'equal',
    outcome: 'success',
    oldGas: 2178,
    newGas: 2277,
  });
  expect(report.entries.find(({ entry }) => entry === 'mint')).toEqual({
    entry: 'mint',
    calls: 2,
    equal: 2,
    accepted: 0,
    different: 0,
    outcomes: [
      ['exit 1', 1],
      ['success', 1],
    ],
    gas: {
      old: { min: 151, median: 151, max: 929, total: '1080' },
      new: { min: 317, median: 317, max: 1088, total: '1405' },
    },
    aboveRatio: null,
  });
});

test('the same input gives the same report, byte for byte', () => {
  expect(JSON.stringify(run(ledgerSuite()))).toBe(JSON.stringify(run(ledgerSuite())));
});

test('a missing check shows as another end of the call, with the trace and the state before it', () => {
  const report = run(legacyPair(anyoneMints));
  expect(report.verdict).toBe('different');
  const [divergence] = report.divergences;
  expect(divergence).toMatchObject({ index: 4, entry: 'mint', args: '"alice","1"', verdict: 'different' });
  expect(divergence!.differences).toEqual([
    { aspect: 'outcome', place: 'outcome', old: 'exit 1', new: 'success', acceptedBy: null },
  ]);
  const { detail } = report.first!;
  expect(detail.old.trace.at(-1)?.instruction).toBe('RETURN');
  expect(detail.old.stateBefore).toEqual(detail.new.stateBefore);
  expect(detail.old.stateBefore).toHaveLength(3);
});

test('a missing event is a difference of its own', () => {
  const report = run(legacyPair(silentTransfer));
  expect(
    report.divergences.map(({ index, differences }) => [index, differences.map(({ place }) => place)]),
  ).toEqual([[2, ['transfer #1']]]);
  expect(report.finalState.differences).toEqual([]);
});

test('an accepted difference is counted apart, with its reason, until its day has passed', () => {
  const rules = (expires: string) =>
    readAccepted(
      'accepted.yaml',
      `switchyard: migration-accepted/1
rules:
  - { id: quiet, reason: nobody listens, expires: ${expires}, entry: transfer, aspect: events, place: "transfer #*" }
`,
    );
  const suite = legacyPair(silentTransfer);
  const accepted = run(suite, rules('2026-11-21'));
  expect(accepted.verdict).toBe('accepted');
  expect(accepted.totals).toMatchObject({ accepted: 1, different: 0 });
  expect(accepted.accepted).toEqual([expect.objectContaining({ id: 'quiet', uses: 1, isExpired: false })]);
  const late = run(suite, rules('2026-11-20'));
  expect(late.verdict).toBe('different');
  expect(late.accepted).toEqual([expect.objectContaining({ id: 'quiet', uses: 0, isExpired: true })]);
});

test('a rule may call an account by its name in the suite, as reports do, or by its address', () => {
  const { differences } = run(selfTransferred).divergences[0]!;
  expect(differences).toMatchObject([{ aspect: 'storage', new: '1010' }]);
  for (const place of ['balance["alice"]', differences[0]!.place]) {
    const rules = readAccepted(
      'accepted.yaml',
      JSON.stringify({
        switchyard: 'migration-accepted/1',
        rules: [{ id: 'known', reason: 'to be mended', expires: '2027-01-01', place }],
      }),
    );
    expect(run(selfTransferred, rules).verdict).toBe('accepted');
  }
});

test('an end of a call may have another name on the new side, where the suite maps it', () => {
  const change = (text: string) => text.replace('CONSTANT u64:2\n  RETURN', 'CONSTANT u64:7\n  RETURN');
  const renumbered = legacyPair(change);
  expect(run(renumbered).totals.different).toBe(1);
  const mapped = { ...renumbered, mapping: { ...renumbered.mapping, outcomes: { 'exit 2': 'exit 7' } } };
  expect(run(mapped).verdict).toBe('equal');
});

test('a slot that no item describes is compared by its bytes and named in the report', () => {
  const suite = ledgerSuite();
  const { balance: _, ...storage } = suite.mapping.storage;
  const report = run({ ...suite, mapping: { ...suite.mapping, storage } });
  expect(report.verdict).toBe('different');
  expect(report.divergences[0]!.differences.map(({ place }) => place.slice(0, 12))).toEqual([
    'not mapped["',
    'not mapped["',
  ]);
  expect(report.notCompared).toContain(
    'The new side changed slots 3 times that no item of the suite describes; they were compared by their bytes.',
  );
});

test('gas beyond the declared ratio is reported, and is no functional difference', () => {
  const suite = ledgerSuite();
  const report = run({ ...suite, gas: { ...suite.gas, maxRatio: 2 } });
  expect(report.verdict).toBe('equal');
  expect(report.entries.map(({ entry, aboveRatio }) => [entry, aboveRatio])).toEqual([
    ['constructor', 0],
    ['expect_balance', 0],
    ['mint', 1],
    ['transfer', 0],
  ]);
});

test('a build that cannot be deployed is an error that names the side', () => {
  const broken = ledgerSuite({ new: Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0) });
  expect(() => run(broken)).toThrow(
    expect.objectContaining({
      code: 'CODE_INVALID',
      message: expect.stringMatching(/^token_ledger\.so \(new\): /),
    }),
  );
});

test('an entry that a build does not have is an error of the suite', () => {
  const suite = ledgerSuite({}, (text) =>
    text.replace('old: entry_3, new: entry_3', 'old: entry_3, new: entry_99'),
  );
  expect(() => run(suite)).toThrow(
    expect.objectContaining({
      code: 'SUITE_INVALID',
      message: 'entries.expect_balance: token_ledger.so (new) has no entry_99.',
    }),
  );
});

test('without a call nothing is shown, and the report says so', () => {
  expect(run({ ...ledgerSuite(), calls: [] }).verdict).toBe('incomplete');
});

test('a call that one side does not take is an end of its own, and the rest is run', () => {
  const long = 'x'.repeat(70_000);
  const suite = ledgerSuite({}, (text) =>
    text
      .replace('mint: { params: { to: address, amount: u64 }', 'mint: { params: { to: string, amount: u64 }')
      .replace(
        'call: mint, from: minter, args: [alice, 1_000]',
        `call: mint, from: minter, args: [${long}, 1]`,
      )
      .replace('call: mint, from: alice, args: [alice, 1]', 'call: mint, from: alice, args: [a, 1]'),
  );
  const report = run(suite);
  expect(report.totals.calls).toBe(7);
  expect(report.divergences[0]!.differences).toEqual([
    { aspect: 'outcome', place: 'outcome', old: 'refused VALUE_INVALID', new: 'exit 100', acceptedBy: null },
  ]);
});

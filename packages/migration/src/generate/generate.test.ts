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
import { generate } from './generate.ts';

const run = (suite: Parameters<typeof generate>[0], calls = 800, seed = 1) =>
  generate(suite, { modules: engines, today, calls, seed });

test('a faithful port holds over generated sequences, which reach its entries and ends', () => {
  const report = run(ledgerSuite());
  expect(report.verdict).toBe('equal');
  expect(report.totals.calls).toBe(801);
  const ends = new Map(
    report.entries.map(({ entry, outcomes }) => [entry, outcomes.map(([outcome]) => outcome)]),
  );
  expect(ends.get('mint')).toEqual(expect.arrayContaining(['exit 1', 'success']));
  expect(ends.get('transfer')).toEqual(expect.arrayContaining(['exit 2', 'success']));
  expect(report.coverage.new!.reached / report.coverage.new!.instructions).toBeGreaterThan(0.85);
  expect(report.coverage.old!.unreached).toEqual([]);
  expect(report.coverage.new!.unreached).toEqual(['entrypoint']);
});

test('the same seed gives the same report; another one other calls', () => {
  const [first, again, other] = [
    run(ledgerSuite(), 300),
    run(ledgerSuite(), 300),
    run(ledgerSuite(), 300, 2),
  ];
  expect(JSON.stringify(again)).toBe(JSON.stringify(first));
  expect(other.calls.map(({ args }) => args)).not.toEqual(first.calls.map(({ args }) => args));
});

test('a missing check is found and shrunk to the one call that shows it', () => {
  const suite = legacyPair(anyoneMints);
  const report = run({ ...suite, calls: [] });
  const [failure] = report.shrunk;
  expect(failure!.calls).toEqual([
    { entry: 'mint', args: '"minter","0"', from: 'alice', value: '0', height: '0' },
  ]);
  expect(failure!.divergence.differences).toEqual([
    { aspect: 'outcome', place: 'outcome', old: 'exit 1', new: 'success', acceptedBy: null },
  ]);
});

test('a missing event is found and shrunk to a transfer of nothing', () => {
  const suite = legacyPair(silentTransfer);
  const [failure] = run({ ...suite, calls: [] }).shrunk;
  expect(failure!.calls).toEqual([
    { entry: 'transfer', args: '"minter","0"', from: 'minter', value: '0', height: '0' },
  ]);
});

test('a failure that needs a history is shrunk to that history', () => {
  // The new side forgets that a balance can be gone below: it looks at the amount alone once there is any balance of 5 or more.
  const suite = legacyPair((text) => text.replace('SYSCALL u64.checked_sub', 'SYSCALL u64.checked_rem'));
  const [failure] = run({ ...suite, calls: [] }, 2000).shrunk;
  expect(failure!.calls.length).toBeLessThanOrEqual(3);
  expect(failure!.divergence.differences.length).toBeGreaterThan(0);
});

test('a failure between accounts is shrunk to fewer of them when one alone shows it, too', () => {
  const { verdict, shrunk } = run(selfTransferSuite());
  expect(verdict).toBe('different');
  expect(
    shrunk.map(({ calls }) => calls.map(({ entry, args, from }) => `${entry}(${args}) from ${from}`)),
  ).toEqual([['mint("minter","1") from minter', 'transfer("minter","1") from minter']]);
});

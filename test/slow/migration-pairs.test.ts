import { expect, test } from 'vitest';
import { readPair, runPair } from '../migration/pairs.ts';

/** Another seed tries other calls: SWITCHYARD_SEED=7 npx vitest run -c … test/slow. */
const seed = Number(process.env['SWITCHYARD_SEED'] ?? 20260);

const ports = [
  'auction',
  'counter',
  'escrow',
  'multisig-vault',
  'name-registry',
  'token-ledger',
  'vesting',
  'voting',
];

test.each(ports)(`%s: a port holds over 10,000 calls (seed ${seed})`, (name) => {
  const report = runPair(readPair(name), { calls: 10_000, seed });
  expect(report.shrunk).toEqual([]);
  expect(report.verdict).toBe('equal');
  expect(report.coverage.old!.unreached).toEqual([]);
});

test.each(['buggy/escrow', 'buggy/multisig-vault', 'buggy/vesting'])(
  `%s: a bug is found in 10,000 calls and shrunk to at most 5 (seed ${seed})`,
  (name) => {
    const { shrunk } = runPair(readPair(name), { calls: 10_000, seed });
    expect(shrunk.length).toBeGreaterThan(0);
    for (const { calls } of shrunk) expect(calls.length).toBeLessThanOrEqual(5);
  },
);

import { MemoryBackend, type TransactionRequest } from '@switchyard/core';
import { createContainer, resolve } from '@switchyard/core/container';
import { expect, test } from 'vitest';
import { openSide } from '../app/open-side.ts';
import type { Divergence } from '../compare/comparison.ts';
import { anyoneMints, engines, ledgerSuite, legacyPair, today } from '../pairs.fixture.ts';
import type { Suite } from '../suite/suite.ts';
import { type ShadowOptions, shadowCalls } from './shadow-calls.ts';

/** A chain with the suite's old contract, and the suite's calls as the chain takes them. */
function chainOf(suite: Suite, options: Partial<ShadowOptions> = {}) {
  const backend = new MemoryBackend();
  const shadow = shadowCalls({ suite, modules: engines, backend, today, ...options });
  const environment = resolve(
    createContainer({ modules: engines, backend, observers: [shadow] }),
    'Environment',
  );
  const { contract, construct } = suite.start;
  environment.deploy({ code: suite.sides.old.code, address: contract, sender: construct!.sender });
  const side = openSide(suite, 'old', { modules: engines });
  const requests = suite.calls.map(
    (call): TransactionRequest => ({
      ...side.request(call),
      gasLimit: 100_000n,
    }),
  );
  return { environment, shadow, requests, backend };
}

test('every call is run on the new build too, which reads the old storage through the suite’s items', () => {
  const { environment, shadow, requests } = chainOf(ledgerSuite());
  for (const request of requests) environment.call(request);
  expect(shadow.summary()).toMatchObject({ calls: 6, shadowed: 6, different: 0, accepted: 0, skipped: [] });
  expect(shadow.summary().entries.map(({ entry, calls }) => [entry, calls])).toEqual([
    ['expect_balance', 2],
    ['mint', 2],
    ['transfer', 2],
  ]);
});

test('a divergence is recorded, and the chain’s results and state are the same as without a shadow', () => {
  const seen: Divergence[] = [];
  const suite = legacyPair(anyoneMints);
  const watched = chainOf(suite, { onDivergence: (divergence) => seen.push(divergence) });
  const alone = chainOf(suite, { rate: 0 });
  for (const [index, request] of watched.requests.entries()) {
    const [one, other] = [watched.environment.call(request), alone.environment.call(alone.requests[index]!)];
    expect({ ...one, error: one.error?.code }).toEqual({ ...other, error: other.error?.code });
  }
  expect([...watched.backend.entries()]).toEqual([...alone.backend.entries()]);
  expect(seen.map(({ index, entry, differences }) => [index, entry, differences[0]!.place])).toEqual([
    [4, 'mint', 'outcome'],
  ]);
  expect(alone.shadow.summary()).toMatchObject({ calls: 6, shadowed: 0 });
});

test('a rate of a third takes every third call', () => {
  const { environment, shadow, requests } = chainOf(ledgerSuite(), { rate: 1 / 3 });
  for (const request of [...requests, ...requests]) environment.call(request);
  expect(shadow.summary()).toMatchObject({ calls: 12, shadowed: 4 });
});

test('fees do not show as differences', () => {
  const suite = ledgerSuite({}, (text) => text.replace('minter: 0', 'minter: 1000000'));
  const { environment, shadow, requests, backend } = chainOf(suite);
  const { account, asset, amount } = suite.start.balances[0]!;
  backend.commit([{ kind: 'balance', address: account, asset, before: 0n, after: amount }]);
  const result = environment.call({ ...requests[0]!, gasPrice: 2n, gasLimit: 100_000n });
  expect(result.status).toBe('success');
  expect(result.gas.fee).toBeGreaterThan(0n);
  expect(shadow.summary()).toMatchObject({ shadowed: 1, different: 0 });
});

test('a call that the suite does not describe is counted with the reason', () => {
  const { environment, shadow, requests } = chainOf(ledgerSuite());
  environment.call({ ...requests[0]!, entry: { kind: 'entry', id: 9 } });
  environment.call({ ...requests[0]!, input: Uint8Array.of(1) });
  expect(shadow.summary()).toMatchObject({
    calls: 2,
    shadowed: 0,
    skipped: [
      [expect.stringMatching(/^input of mint: /), 1],
      ['the suite declares no entry for entry_9 of the old side.', 1],
    ],
  });
});

test('a rate that is no share is refused', () => {
  expect(() => chainOf(ledgerSuite(), { rate: 2 })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
  );
});

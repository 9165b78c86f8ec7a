import { NATIVE_ASSET, type StateChange, VmError } from '@switchyard/core';
import { expect, test } from 'vitest';
import type { StateStore } from '../src/state-store.ts';

export const A = new Uint8Array(32).fill(0xa1);
export const B = new Uint8Array(32).fill(0xb2);
export const key = Uint8Array.of(1, 2, 3);

/** The VmError that the action throws. */
export function errorOf(action: () => unknown): VmError {
  try {
    action();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(VmError);
    return thrown as VmError;
  }
  throw new Error('nothing was thrown');
}

/** A change of each kind. */
export const everyKind: readonly StateChange[] = [
  { kind: 'storage', contract: A, key, before: undefined, after: Uint8Array.of(9) },
  { kind: 'storage', contract: A, key: new Uint8Array(0), before: undefined, after: new Uint8Array(0) },
  {
    kind: 'storage',
    contract: B,
    key: new Uint8Array(3000).fill(7),
    before: undefined,
    after: Uint8Array.of(4, 5),
  },
  { kind: 'balance', address: A, asset: NATIVE_ASSET, before: 0n, after: 2n ** 64n - 1n },
  { kind: 'balance', address: A, asset: B, before: 0n, after: 3n },
  { kind: 'nonce', address: B, before: 0n, after: 7n },
  { kind: 'code', address: B, before: undefined, after: Uint8Array.of(1, 1, 2, 3), engine: 'tbpf' },
  {
    kind: 'asset',
    asset: A,
    before: undefined,
    after: { creator: B, name: 'Möwe', decimals: 6, maxSupply: 0n, supply: 3n },
  },
];

/** Expects what `everyKind` wrote. */
export function expectEveryKind(store: StateStore): void {
  expect(store.getStorage(A, key)).toEqual(Uint8Array.of(9));
  expect(store.getStorage(A, new Uint8Array(0))).toEqual(new Uint8Array(0));
  expect(store.getStorage(B, new Uint8Array(3000).fill(7))).toEqual(Uint8Array.of(4, 5));
  expect(store.getStorage(B, new Uint8Array(3000).fill(8))).toBeUndefined();
  expect(store.getBalance(A, NATIVE_ASSET)).toBe(2n ** 64n - 1n);
  expect(store.getBalance(A, B)).toBe(3n);
  expect(store.getBalance(B, B)).toBe(0n);
  expect(store.balanceCount(A)).toBe(2);
  expect(store.balanceCount(B)).toBe(0);
  expect(store.getNonce(B)).toBe(7n);
  expect(store.getCode(B)).toEqual({ code: Uint8Array.of(1, 1, 2, 3), engine: 'tbpf' });
  expect(store.getCode(A)).toBeUndefined();
  expect(store.getAsset(A)).toEqual({ creator: B, name: 'Möwe', decimals: 6, maxSupply: 0n, supply: 3n });
  expect(store.accountExists(A)).toBe(true);
  expect(store.accountExists(new Uint8Array(32))).toBe(false);
  expect([...store.entries()].map(({ kind }) => kind)).toEqual([
    'storage',
    'storage',
    'storage',
    'balance',
    'balance',
    'nonce',
    'code',
    'asset',
  ]);
}

/** What holds of every store; `openOne` opens an empty one. */
export function storeContract(openOne: () => StateStore): void {
  test('gives back every kind of item', async () => {
    const store = openOne();
    expect(store.isEmpty).toBe(true);
    store.commit(everyKind);
    expect(store.isEmpty).toBe(false);
    expectEveryKind(store);
    await store.close();
  });

  test('forgets a storage value, a balance, a nonce and code that became nothing', async () => {
    const store = openOne();
    store.commit(everyKind);
    store.commit([
      { kind: 'storage', contract: A, key, before: Uint8Array.of(9), after: undefined },
      { kind: 'balance', address: A, asset: B, before: 3n, after: 0n },
      { kind: 'nonce', address: B, before: 7n, after: 0n },
      { kind: 'code', address: B, before: Uint8Array.of(1, 1, 2, 3), after: undefined, engine: undefined },
    ]);
    expect(store.getStorage(A, key)).toBeUndefined();
    expect(store.balanceCount(A)).toBe(1);
    expect(store.accountExists(B)).toBe(false);
    expect([...store.entries()].map((entry) => entry.kind)).toEqual([
      'storage',
      'storage',
      'balance',
      'asset',
    ]);
    await store.close();
  });

  test('raises its version by every commit and by replacing everything, and says it when pinned', async () => {
    const store = openOne();
    const first = store.pin();
    expect(store.pin()).toBe(first);
    store.unpin();
    store.commit(everyKind);
    const second = store.pin();
    expect(second).toBe(first + 1n);
    store.replaceAll([]);
    expect(store.pin()).toBe(second + 1n);
    expect(store.isEmpty).toBe(true);
    store.unpin();
    store.unpin();
    await store.close();
  });

  test('shows its own commit at once, also when a view was pinned', async () => {
    const store = openOne();
    store.pin();
    expect(store.getNonce(B)).toBe(0n);
    store.commit(everyKind);
    expectEveryKind(store);
    store.pin();
    expectEveryKind(store);
    store.unpin();
    expectEveryKind(store);
    await store.close();
  });
}

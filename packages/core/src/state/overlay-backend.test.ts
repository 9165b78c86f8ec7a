import { describe, expect, test } from 'vitest';
import { address } from '../../test-support/fake-engine.ts';
import { JournaledState, MemoryBackend, NATIVE_ASSET, OverlayBackend } from '../index.ts';

const ALICE = address(1);
const COUNTER = address(2);
const GOLD = address(3);
const bytes = (...values: number[]) => Uint8Array.from(values);

/** A store in which Alice holds 10 native units and the counter has two slots. */
function filled(): MemoryBackend {
  const store = new MemoryBackend();
  const state = new JournaledState(store);
  state.adjustBalance(ALICE, NATIVE_ASSET, 10n);
  state.setStorage(COUNTER, bytes(1), bytes(11));
  state.setStorage(COUNTER, bytes(2), bytes(22));
  state.setCode(COUNTER, bytes(9, 9), 'tbpf');
  state.flush();
  return store;
}

describe('an overlay', () => {
  test('shows the store where nothing is said otherwise', () => {
    const overlay = new OverlayBackend(filled());
    expect(overlay.getBalance(ALICE, NATIVE_ASSET)).toBe(10n);
    expect(overlay.getStorage(COUNTER, bytes(1))).toEqual(bytes(11));
    expect(overlay.getCode(COUNTER)?.engine).toBe('tbpf');
    expect(overlay.accountExists(ALICE)).toBe(true);
    expect(overlay.balanceCount(ALICE)).toBe(1);
  });

  test('shows what an account is taken to be, and the store again once cleared', () => {
    const overlay = new OverlayBackend(filled());
    overlay.override({
      address: ALICE,
      nonce: 5n,
      balances: [
        { asset: NATIVE_ASSET, amount: 0n },
        { asset: GOLD, amount: 7n },
      ],
    });
    overlay.override({ address: COUNTER, code: null, storage: [{ key: bytes(1), value: bytes(99) }] });
    expect(overlay.getNonce(ALICE)).toBe(5n);
    expect(overlay.getBalance(ALICE, NATIVE_ASSET)).toBe(0n);
    expect(overlay.getBalance(ALICE, GOLD)).toBe(7n);
    expect(overlay.balanceCount(ALICE)).toBe(1);
    expect(overlay.getCode(COUNTER)).toBeUndefined();
    expect(overlay.accountExists(COUNTER)).toBe(false);
    expect(overlay.getStorage(COUNTER, bytes(1))).toEqual(bytes(99));
    expect(overlay.getStorage(COUNTER, bytes(2))).toEqual(bytes(22));
    overlay.clear();
    expect(overlay.getNonce(ALICE)).toBe(0n);
    expect(overlay.getCode(COUNTER)?.code).toEqual(bytes(9, 9));
    expect(overlay.getStorage(COUNTER, bytes(1))).toEqual(bytes(11));
  });

  test('can replace all of a storage, or make single slots absent', () => {
    const overlay = new OverlayBackend(filled());
    overlay.override({ address: COUNTER, storage: [{ key: bytes(2), value: undefined }] });
    expect(overlay.getStorage(COUNTER, bytes(1))).toEqual(bytes(11));
    expect(overlay.getStorage(COUNTER, bytes(2))).toBeUndefined();
    overlay.override({
      address: COUNTER,
      replacesStorage: true,
      storage: [{ key: bytes(3), value: bytes(33) }],
    });
    expect(overlay.getStorage(COUNTER, bytes(1))).toBeUndefined();
    expect(overlay.getStorage(COUNTER, bytes(3))).toEqual(bytes(33));
  });

  test('keeps commits to itself: the store below stays as it was', () => {
    const store = filled();
    const before = [...store.entries()];
    const overlay = new OverlayBackend(store);
    const state = new JournaledState(overlay);
    state.moveBalance(ALICE, COUNTER, NATIVE_ASSET, 4n);
    state.setNonce(ALICE, 1n);
    state.deleteStorage(COUNTER, bytes(1));
    state.createAsset(GOLD, { creator: COUNTER, name: 'gold', decimals: 0, maxSupply: 0n, supply: 0n });
    state.setCode(ALICE, bytes(1));
    state.flush();
    expect(overlay.getBalance(ALICE, NATIVE_ASSET)).toBe(6n);
    expect(overlay.getBalance(COUNTER, NATIVE_ASSET)).toBe(4n);
    expect(overlay.getNonce(ALICE)).toBe(1n);
    expect(overlay.getStorage(COUNTER, bytes(1))).toBeUndefined();
    expect(overlay.getAsset(GOLD)?.name).toBe('gold');
    expect(overlay.getCode(ALICE)?.code).toEqual(bytes(1));
    expect([...store.entries()]).toEqual(before);
    overlay.clear();
    expect(overlay.getAsset(GOLD)).toBeUndefined();
  });
});

import { blake3 } from '@noble/hashes/blake3.js';
import { describe, expect, test } from 'vitest';
import { address } from '../../test-support/fake-engine.ts';
import { MAX_U64, NATIVE_ASSET } from '../bytes.ts';
import { assetHash } from './hashes.ts';
import { JournaledState } from './journaled-state.ts';
import { MemoryBackend } from './memory-backend.ts';

const A = address(1);
const B = address(2);
const key = Uint8Array.of(9);
const one = Uint8Array.of(1);
const two = Uint8Array.of(2);

const fresh = () => new JournaledState(new MemoryBackend());

describe('storage', () => {
  test('reads what was written, undoes it on revert, and keeps it on commit', () => {
    const state = fresh();
    const outer = state.checkpoint();
    state.setStorage(A, key, one);
    const inner = state.checkpoint();
    state.setStorage(A, key, two);
    state.revert(inner);
    expect(state.getStorage(A, key)).toEqual(one);
    state.commit(outer);
    expect(state.changes()).toEqual([{ kind: 'storage', contract: A, key, before: undefined, after: one }]);
  });

  test('copies what it is given, so that the giver may write on', () => {
    const state = fresh();
    const place = address(1);
    const name = Uint8Array.of(9);
    const value = Uint8Array.of(1);
    state.setStorage(place, name, value);
    place.fill(3);
    name.fill(3);
    value.fill(3);
    expect(state.getStorage(A, key)).toEqual(one);
    expect(state.getStorage(address(3), Uint8Array.of(3))).toBeUndefined();
  });

  test('tells whether a deleted key existed', () => {
    const state = fresh();
    expect(state.deleteStorage(A, key)).toBe(false);
    state.setStorage(A, key, one);
    expect(state.deleteStorage(A, key)).toBe(true);
    expect(state.deleteStorage(A, key)).toBe(false);
    expect(state.changes()).toEqual([]);
  });

  test('a value that ends as it began is not a change', () => {
    const state = fresh();
    state.setStorage(A, key, one);
    state.flush();
    state.setStorage(A, key, two);
    state.setStorage(A, key, Uint8Array.of(1));
    expect(state.changes()).toEqual([]);
    expect(state.flush()).toEqual([]);
  });
});

describe('checkpoints', () => {
  test('must be committed innermost first, and only once', () => {
    const state = fresh();
    const outer = state.checkpoint();
    const inner = state.checkpoint();
    expect(() => state.commit(outer)).toThrow(
      `commit of checkpoint ${outer}: the innermost open checkpoint is ${inner}.`,
    );
    state.commit(inner);
    state.commit(outer);
    expect(() => state.commit(outer)).toThrow(`commit of checkpoint ${outer}: no checkpoint is open.`);
    expect(() => state.revert(outer)).toThrow(`revert to checkpoint ${outer}: it is not open.`);
  });

  test('reverting an outer one closes the inner ones', () => {
    const state = fresh();
    const outer = state.checkpoint();
    state.setNonce(A, 1n);
    const inner = state.checkpoint();
    state.setNonce(A, 2n);
    state.revert(outer);
    expect(state.getNonce(A)).toBe(0n);
    expect(() => state.commit(inner)).toThrow('no checkpoint is open');
  });

  test('changes since a checkpoint start at its values', () => {
    const state = fresh();
    state.setNonce(A, 1n);
    const checkpoint = state.checkpoint();
    state.setNonce(A, 2n);
    const inner = state.checkpoint();
    state.setNonce(A, 5n);
    state.commit(inner);
    expect(state.changes(checkpoint)).toEqual([{ kind: 'nonce', address: A, before: 1n, after: 5n }]);
    expect(state.changes()).toEqual([{ kind: 'nonce', address: A, before: 0n, after: 5n }]);
  });

  test('a million writes of one key cost one undo entry', () => {
    const state = fresh();
    const checkpoint = state.checkpoint();
    for (let i = 0; i < 1_000_000; i++) state.setNonce(A, BigInt(i));
    expect(state.changes(checkpoint)).toEqual([{ kind: 'nonce', address: A, before: 0n, after: 999_999n }]);
    state.revert(checkpoint);
    expect(state.getNonce(A)).toBe(0n);
  });

  test('flush is refused while one is open; discard drops them', () => {
    const state = fresh();
    state.checkpoint();
    state.setNonce(A, 4n);
    expect(() => state.flush()).toThrow('flush: a checkpoint is still open.');
    state.discard();
    expect(state.getNonce(A)).toBe(0n);
    expect(state.isClean).toBe(true);
  });
});

describe('balances', () => {
  test('a transfer moves, records an output, and is refused without funds', () => {
    const state = fresh();
    state.adjustBalance(A, NATIVE_ASSET, 10n);
    expect(state.transfer(A, B, NATIVE_ASSET, 11n)).toBe(false);
    expect(state.transfer(A, B, NATIVE_ASSET, 4n)).toBe(true);
    expect([state.getBalance(A, NATIVE_ASSET), state.getBalance(B, NATIVE_ASSET)]).toEqual([6n, 4n]);
    expect(state.outputs()).toEqual([{ kind: 'transfer', from: A, to: B, asset: NATIVE_ASSET, amount: 4n }]);
  });

  test('a transfer to oneself leaves the balance and still records an output', () => {
    const state = fresh();
    state.adjustBalance(A, NATIVE_ASSET, MAX_U64);
    expect(state.transfer(A, A, NATIVE_ASSET, MAX_U64)).toBe(true);
    expect(state.getBalance(A, NATIVE_ASSET)).toBe(MAX_U64);
    expect(state.outputCount).toBe(1);
  });

  test('no balance leaves 0 to 2^64 − 1', () => {
    const state = fresh();
    state.adjustBalance(A, NATIVE_ASSET, 5n);
    state.adjustBalance(B, NATIVE_ASSET, MAX_U64);
    expect(state.transfer(A, B, NATIVE_ASSET, 1n)).toBe(false);
    expect(state.transfer(A, B, NATIVE_ASSET, -1n)).toBe(false);
    expect(state.mint(B, NATIVE_ASSET, 1n)).toBe(false);
    expect(state.burn(A, NATIVE_ASSET, 6n)).toBe(false);
    expect(state.adjustBalance(A, NATIVE_ASSET, -6n)).toBe(false);
    expect(state.getBalance(A, NATIVE_ASSET)).toBe(5n);
    expect(state.outputCount).toBe(0);
  });

  test('an amount of zero moves and is recorded', () => {
    const state = fresh();
    expect(state.transfer(A, B, NATIVE_ASSET, 0n)).toBe(true);
    expect(state.outputCount).toBe(1);
    expect(state.changes()).toEqual([]);
  });
});

describe('assets', () => {
  const asset = assetHash(A, 'gold');
  const record = { creator: A, name: 'gold', decimals: 2, maxSupply: 100n, supply: 0n };

  test('their hash is BLAKE3 of creator and name', () => {
    expect(asset).toEqual(blake3(Uint8Array.from([...A, 0x67, 0x6f, 0x6c, 0x64])));
    expect(assetHash(B, 'gold')).not.toEqual(asset);
  });

  test('minting and burning move the supply up to its maximum', () => {
    const state = fresh();
    expect(state.createAsset(asset, record)).toBe(true);
    expect(state.createAsset(asset, record)).toBe(false);
    expect(state.mint(B, asset, 100n)).toBe(true);
    expect(state.mint(B, asset, 1n)).toBe(false);
    expect(state.burn(B, asset, 40n)).toBe(true);
    expect(state.getAsset(asset)?.supply).toBe(60n);
    expect(state.getBalance(B, asset)).toBe(60n);
  });

  test('a revert takes the asset back', () => {
    const state = fresh();
    const checkpoint = state.checkpoint();
    state.createAsset(asset, record);
    state.mint(B, asset, 7n);
    state.revert(checkpoint);
    expect(state.getAsset(asset)).toBeUndefined();
    expect(state.getBalance(B, asset)).toBe(0n);
    expect(state.outputCount).toBe(0);
    expect(state.flush()).toEqual([]);
  });
});

describe('accounts', () => {
  test('exist by balance, nonce or code, pending ones counted', () => {
    const state = fresh();
    expect(state.accountExists(A)).toBe(false);
    state.adjustBalance(A, address(7), 1n);
    expect(state.accountExists(A)).toBe(true);
    state.flush();
    expect(state.accountExists(A)).toBe(true);
    state.adjustBalance(A, address(7), -1n);
    expect(state.accountExists(A)).toBe(false);
    state.setCode(A, one, 'tbpf');
    expect(state.accountExists(A)).toBe(true);
  });

  test('code has its sha-256 and its engine', () => {
    const state = fresh();
    state.setCode(A, new Uint8Array(0), 'evm');
    expect(state.getCodeEngine(A)).toBe('evm');
    expect(Array.from(state.getCodeHash(A)!.slice(0, 4))).toEqual([0xe3, 0xb0, 0xc4, 0x42]);
    expect(state.getCodeHash(B)).toBeUndefined();
  });
});

test('outputs of a reverted checkpoint vanish with it, and marks cut the list', () => {
  const state = fresh();
  state.emitEvent(A, [B], one);
  const mark = state.outputCount;
  const checkpoint = state.checkpoint();
  state.emitEvent(A, [], two);
  state.revert(checkpoint);
  state.emitEvent(B, [], two);
  expect(state.outputs(mark)).toEqual([{ kind: 'event', contract: B, topics: [], data: two }]);
  expect(state.outputCount).toBe(2);
});

test('read and write sets are sorted by bytes and include what was rolled back', () => {
  const state = fresh();
  state.getStorage(B, two);
  state.getStorage(B, one);
  const checkpoint = state.checkpoint();
  state.setStorage(A, key, one);
  state.setNonce(B, 1n);
  state.revert(checkpoint);
  state.getBalance(A, NATIVE_ASSET);
  expect(state.accessed()).toEqual({
    storageReads: [
      { contract: B, key: one },
      { contract: B, key: two },
    ],
    storageWrites: [{ contract: A, key }],
    accountReads: [A],
    accountWrites: [B],
  });
  state.flush();
  expect(state.accessed().storageReads).toEqual([]);
});

test('a flush is one commit of the back end, and a refused one keeps everything pending', () => {
  let commits = 0;
  class Refusing extends MemoryBackend {
    override commit(changes: Parameters<MemoryBackend['commit']>[0]): void {
      commits++;
      if (commits === 1) throw new Error('disk full');
      super.commit(changes);
    }
  }
  const backend = new Refusing();
  const state = new JournaledState(backend);
  state.setNonce(A, 1n);
  state.setStorage(A, key, one);
  expect(() => state.flush()).toThrow('disk full');
  expect(state.getNonce(A)).toBe(1n);
  expect(state.flush()).toHaveLength(2);
  expect(backend.getNonce(A)).toBe(1n);
  expect(commits).toBe(2);
  expect(state.flush()).toEqual([]);
  expect(commits).toBe(2);
});

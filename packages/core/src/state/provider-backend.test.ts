import { expect, test } from 'vitest';
import { address } from '../../test-support/fake-engine.ts';
import { NATIVE_ASSET } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import { JournaledState } from './journaled-state.ts';
import { fromProviders } from './provider-backend.ts';
import {
  MemoryAccountProvider,
  MemoryStorageProvider,
  NoOpAccountProvider,
  NoOpStorageProvider,
} from './providers.ts';

const A = address(1);
const B = address(2);
const C = address(3);
const D = address(4);
const key = Uint8Array.of(1);

class RecordingAccounts extends MemoryAccountProvider {
  readonly transfers: string[] = [];

  override transfer(from: Uint8Array, to: Uint8Array, amount: bigint): void {
    super.transfer(from, to, amount);
    this.transfers.push(`${from[0]}→${to[0]} ${amount}`);
  }
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    return (thrown as VmError).code;
  }
  return 'none';
}

test('net balance changes become transfers between losers and gainers in byte order', () => {
  const accounts = new RecordingAccounts();
  for (const [who, amount] of [
    [A, 10n],
    [B, 10n],
  ] as const)
    accounts.setBalance(who, amount);
  const state = new JournaledState(fromProviders(new MemoryStorageProvider(), accounts));
  state.transfer(B, C, NATIVE_ASSET, 10n);
  state.transfer(A, D, NATIVE_ASSET, 6n);
  state.transfer(D, A, NATIVE_ASSET, 2n);
  state.transfer(C, D, NATIVE_ASSET, 1n);
  state.flush();
  expect(accounts.transfers).toEqual(['1→3 4', '2→3 5', '2→4 5']);
  expect([A, B, C, D].map((who) => accounts.getBalance(who))).toEqual([6n, 0n, 9n, 5n]);
});

test('burning native units is refused before anything is written, or goes to the reserve', () => {
  const accounts = new RecordingAccounts();
  accounts.setBalance(A, 10n);
  const storage = new MemoryStorageProvider();
  const strict = new JournaledState(fromProviders(storage, accounts));
  strict.setStorage(A, key, key);
  strict.burn(A, NATIVE_ASSET, 3n);
  expect(codeOf(() => strict.flush())).toBe('UNSUPPORTED');
  expect(storage.get(A, key)).toBeUndefined();
  expect(accounts.getBalance(A)).toBe(10n);

  const lenient = new JournaledState(fromProviders(storage, accounts, { reserve: D }));
  lenient.burn(A, NATIVE_ASSET, 3n);
  lenient.flush();
  expect(accounts.transfers).toEqual(['1→4 3']);
  lenient.mint(B, NATIVE_ASSET, 2n);
  lenient.flush();
  expect(accounts.transfers).toEqual(['1→4 3', '4→2 2']);
});

test('what was done is undone when a provider throws', () => {
  const accounts = new MemoryAccountProvider();
  accounts.setBalance(A, 10n);
  class Full extends MemoryStorageProvider {
    full = false;
    override set(contract: Uint8Array, name: Uint8Array, value: Uint8Array): void {
      if (this.full && name[0] === 2) throw new VmError('STATE_UNAVAILABLE', 'full.');
      super.set(contract, name, value);
    }
  }
  const storage = new Full();
  storage.set(A, key, Uint8Array.of(7));
  storage.full = true;
  const state = new JournaledState(fromProviders(storage, accounts));
  state.transfer(A, B, NATIVE_ASSET, 4n);
  state.setStorage(A, key, Uint8Array.of(8));
  state.setStorage(A, Uint8Array.of(2), Uint8Array.of(8));
  state.setNonce(A, 1n);
  expect(codeOf(() => state.flush())).toBe('STATE_UNAVAILABLE');
  expect(accounts.getBalance(A)).toBe(10n);
  expect(storage.get(A, key)).toEqual(Uint8Array.of(7));
});

test('other assets, nonces, code and existence are kept beside the providers', () => {
  const accounts = new MemoryAccountProvider();
  accounts.setBalance(A, 1n);
  const backend = fromProviders(new MemoryStorageProvider(), accounts);
  const state = new JournaledState(backend);
  state.setNonce(B, 2n);
  state.setCode(B, key, 'tbpf');
  state.mint(B, C, 5n);
  state.flush();
  expect(backend.getNonce(B)).toBe(2n);
  expect(backend.getCode(B)).toEqual({ code: key, engine: 'tbpf' });
  expect(backend.getBalance(B, C)).toBe(5n);
  expect(backend.accountExists(A)).toBe(true);
  expect(backend.balanceCount(A)).toBe(1);
  expect(backend.accountExists(D)).toBe(false);
});

test('the no-op providers hold nothing', () => {
  const state = new JournaledState(fromProviders(new NoOpStorageProvider(), new NoOpAccountProvider()));
  state.setStorage(A, key, key);
  state.flush();
  expect(state.getStorage(A, key)).toBeUndefined();
  expect(state.getBalance(A, NATIVE_ASSET)).toBe(0n);
});

test('the memory account provider refuses what does not fit', () => {
  const accounts = new MemoryAccountProvider();
  accounts.setBalance(A, 5n);
  accounts.setBalance(B, 2n ** 64n - 1n);
  expect(codeOf(() => accounts.transfer(A, C, 6n))).toBe('INSUFFICIENT_BALANCE');
  expect(codeOf(() => accounts.transfer(A, B, 1n))).toBe('BALANCE_OVERFLOW');
  accounts.transfer(A, A, 5n);
  expect(accounts.getBalance(A)).toBe(5n);
});

import { compareBytes } from '../bytes.ts';
import { VmError } from '../errors/vm-error.ts';
import { smaller } from '../gas/smaller.ts';
import { isNativeAsset } from './byte-key.ts';
import type { StateChange } from './changes.ts';
import { MemoryBackend } from './memory-backend.ts';
import type { AccountProvider, StorageProvider } from './providers.ts';
import type { StateBackend } from './state-backend.ts';

/** What `fromProviders` may be told besides the two providers. */
export interface ProviderBackendOptions {
  /** Holds what the providers do not know: other assets, nonces, code. By default a new MemoryBackend. */
  readonly rest?: StateBackend;
  /**
   * An account provider can only move units, so it cannot burn or mint. With this address (32 bytes) burned units go to it, and minted
   * units come from it; without, a commit that burns or mints native units is refused with UNSUPPORTED.
   */
  readonly reserve?: Uint8Array;
}

interface Transfer {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly amount: bigint;
}

/**
 * A state store from the two small providers of an integrator. A commit goes in this order: native transfers, storage in order of
 * first touch, then the rest. Transfers are the net balance changes, paired greedily between losers and gainers, both in byte order of
 * their addresses; so the same call makes the same transfers everywhere. When a provider throws, what was already done is undone by
 * opposite transfers and by the old values, and the error is passed on: as atomic as two independent providers can be.
 */
export function fromProviders(
  storage: StorageProvider,
  accounts: AccountProvider,
  options: ProviderBackendOptions = {},
): StateBackend {
  const rest = options.rest ?? new MemoryBackend();
  return {
    getStorage: (contract, key) => storage.get(contract, key),
    getBalance: (address, asset) =>
      isNativeAsset(asset) ? accounts.getBalance(address) : rest.getBalance(address, asset),
    getCode: (address) => rest.getCode(address),
    getNonce: (address) => rest.getNonce(address),
    getAsset: (asset) => rest.getAsset(asset),
    accountExists: (address) => accounts.getBalance(address) > 0n || rest.accountExists(address),
    balanceCount: (address) => (accounts.getBalance(address) > 0n ? 1 : 0) + rest.balanceCount(address),
    commit(changes) {
      const transfers = planTransfers(changes, options.reserve);
      const undo: (() => void)[] = [];
      try {
        for (const { from, to, amount } of transfers) {
          accounts.transfer(from, to, amount);
          undo.push(() => accounts.transfer(to, from, amount));
        }
        for (const change of changes) {
          if (change.kind !== 'storage') continue;
          undo.push(() => writeStorage(storage, change.contract, change.key, change.before));
          writeStorage(storage, change.contract, change.key, change.after);
        }
        rest.commit(changes.filter((change) => !isProvided(change)));
      } catch (thrown) {
        for (const step of undo.reverse()) step();
        throw thrown;
      }
    },
  };
}

function isProvided(change: StateChange): boolean {
  return change.kind === 'storage' || (change.kind === 'balance' && isNativeAsset(change.asset));
}

function writeStorage(
  storage: StorageProvider,
  contract: Uint8Array,
  key: Uint8Array,
  value: Uint8Array | undefined,
): void {
  if (value === undefined) storage.delete(contract, key);
  else storage.set(contract, key, value);
}

/** Transfers that bring about the native balance changes. @throws VmError UNSUPPORTED when their sum is not 0. */
export function planTransfers(changes: readonly StateChange[], reserve?: Uint8Array): Transfer[] {
  const deltas: { address: Uint8Array; delta: bigint }[] = [];
  let sum = 0n;
  for (const change of changes) {
    if (change.kind !== 'balance' || !isNativeAsset(change.asset)) continue;
    deltas.push({ address: change.address, delta: change.after - change.before });
    sum += change.after - change.before;
  }
  if (sum !== 0n) {
    if (reserve === undefined) {
      const what = sum < 0n ? `burn ${-sum}` : `mint ${sum}`;
      throw new VmError(
        'UNSUPPORTED',
        `the call would ${what} native units, and the account provider can only transfer.`,
        { hint: 'Give fromProviders a reserve address, or use a fee policy that burns nothing.' },
      );
    }
    const own = deltas.find(({ address }) => compareBytes(address, reserve) === 0);
    if (own === undefined) deltas.push({ address: reserve, delta: -sum });
    else own.delta -= sum;
  }
  deltas.sort((a, b) => compareBytes(a.address, b.address));
  const losers = deltas.filter(({ delta }) => delta < 0n);
  const gainers = deltas.filter(({ delta }) => delta > 0n);
  const transfers: Transfer[] = [];
  let gainer = 0;
  for (const loser of losers) {
    while (loser.delta < 0n) {
      const target = gainers[gainer]!;
      const amount = smaller(-loser.delta, target.delta);
      transfers.push({ from: loser.address, to: target.address, amount });
      loser.delta += amount;
      target.delta -= amount;
      if (target.delta === 0n) gainer++;
    }
  }
  return transfers;
}

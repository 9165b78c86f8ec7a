import { compareBytes } from '../bytes.ts';
import type { AccountEntry } from './account-entry.ts';
import type { AccessSets, StorageSlot } from './changes.ts';

/** The sets of a run that touched nothing. */
export const NO_ACCESS: AccessSets = Object.freeze({
  storageReads: [],
  storageWrites: [],
  accountReads: [],
  accountWrites: [],
});

/** Read and write sets of the loaded accounts, sorted by bytes. O(accessed · log accessed). */
export function collectAccessSets(accounts: Iterable<AccountEntry>): AccessSets {
  const storageReads: StorageSlot[] = [];
  const storageWrites: StorageSlot[] = [];
  const accountReads: Uint8Array[] = [];
  const accountWrites: Uint8Array[] = [];
  for (const account of accounts) {
    if (account.read) accountReads.push(account.address);
    if (account.written) accountWrites.push(account.address);
    for (const cell of account.storage.values()) {
      const slot = { contract: cell.contract, key: cell.key };
      if (cell.read) storageReads.push(slot);
      if (cell.written) storageWrites.push(slot);
    }
  }
  storageReads.sort(compareSlots);
  storageWrites.sort(compareSlots);
  accountReads.sort(compareBytes);
  accountWrites.sort(compareBytes);
  return { storageReads, storageWrites, accountReads, accountWrites };
}

function compareSlots(a: StorageSlot, b: StorageSlot): number {
  return compareBytes(a.contract, b.contract) || compareBytes(a.key, b.key);
}

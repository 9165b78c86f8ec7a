import { JournaledState } from '@switchyard/core';
import { openState } from '@switchyard/state';

// Writes 1,000 calls, each a pair of keys that must be equal, and says each one's number once it is committed.
const store = openState({ kind: 'lmdb', path: process.argv[2]! });
const state = new JournaledState(store);
const contract = new Uint8Array(32).fill(7);
for (let i = 1; i <= 1000; i++) {
  const value = Uint8Array.of(i >> 8, i & 255, ...new Uint8Array(2000).fill(i & 255));
  state.setStorage(contract, Uint8Array.of(1), value);
  state.setStorage(contract, Uint8Array.of(2), value);
  // A key of its own for each call shows that none in between is missing.
  state.setStorage(contract, Uint8Array.of(3, i >> 8, i & 255), Uint8Array.of(1));
  state.setNonce(contract, BigInt(i));
  state.flush();
  process.stdout.write(`${i}\n`);
}
await store.close();

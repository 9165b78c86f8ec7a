import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openState } from '@switchyard/state';
import { expect, test } from 'vitest';
import { killAfter } from './kill-after.ts';

const child = fileURLToPath(new URL('kill-child.ts', import.meta.url));
const contract = new Uint8Array(32).fill(7);

test('a writer killed in the middle of 1,000 calls loses at most the call that was not committed, and leaves no half of one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-kill-'));
  try {
    for (const calls of [1, 57, 230]) {
      const path = join(folder, `after-${calls}`);
      const told = await killAfter(child, path, calls);
      expect(told).toBeLessThan(1000);
      const store = openState({ kind: 'lmdb', path });
      const last = Number(store.getNonce(contract));
      expect(last).toBeGreaterThanOrEqual(told);
      const value = store.getStorage(contract, Uint8Array.of(1));
      expect(value?.slice(0, 2)).toEqual(Uint8Array.of(last >> 8, last & 255));
      expect(store.getStorage(contract, Uint8Array.of(2))).toEqual(value);
      for (let i = 1; i <= last; i++) {
        expect(store.getStorage(contract, Uint8Array.of(3, i >> 8, i & 255))).toEqual(Uint8Array.of(1));
      }
      const next = last + 1;
      expect(store.getStorage(contract, Uint8Array.of(3, next >> 8, next & 255))).toBeUndefined();
      // The store is good for more.
      store.commit([{ kind: 'nonce', address: contract, before: BigInt(last), after: BigInt(next) }]);
      expect(store.getNonce(contract)).toBe(BigInt(next));
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

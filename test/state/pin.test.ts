import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openState, openVersionReader, type StateStore } from '@switchyard/state';
import { expect, test } from 'vitest';

const child = fileURLToPath(new URL('commit-child.ts', import.meta.url));
const account = new Uint8Array(32).fill(7);

function commitInAnotherProcess(path: string, nonce: number): void {
  const ended = spawnSync(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', child, path, String(nonce)],
    { encoding: 'utf8' },
  );
  expect(ended.stderr).toBe('');
  expect(ended.status).toBe(0);
}

/** What every way of reading shows. */
function seen(store: StateStore): readonly unknown[] {
  return [store.getNonce(account), store.accountExists(account), [...store.entries()].length, store.isEmpty];
}

test('a pinned LMDB store shows one state while another process commits, over turns of the event loop, and the present one when unpinned', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-pin-'));
  try {
    const path = join(folder, 's');
    await openState({ kind: 'lmdb', path }).close();
    const store = openState({ kind: 'lmdb', path, readOnly: true });
    const versions = openVersionReader({ kind: 'lmdb', path });
    expect(versions.read()).toBe(1n);
    expect(store.pin()).toBe(1n);
    commitInAnotherProcess(path, 4);
    // In the same turn of the event loop, then in a later one, by which LMDB has given up its own short read transaction.
    expect(seen(store)).toEqual([0n, false, 0, true]);
    expect(versions.read()).toBe(2n);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(seen(store)).toEqual([0n, false, 0, true]);
    store.unpin();
    expect(seen(store)).toEqual([4n, true, 1, false]);
    expect(store.pin()).toBe(2n);
    commitInAnotherProcess(path, 5);
    expect(seen(store)).toEqual([4n, true, 1, false]);
    // A new view, in the same turn.
    expect(store.pin()).toBe(3n);
    expect(seen(store)).toEqual([5n, true, 1, false]);
    store.unpin();
    store.unpin();
    await versions.close();
    await store.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex, NATIVE_ASSET, type StateChange, VmError } from '@switchyard/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openState } from './open-state.ts';
import { exportSnapshot, importSnapshot } from './snapshot.ts';
import type { StateStore } from './state-store.ts';

const A = new Uint8Array(32).fill(0xa1);
const B = new Uint8Array(32).fill(0xb2);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-snapshot-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const changes: readonly StateChange[] = [
  { kind: 'storage', contract: B, key: Uint8Array.of(2), before: undefined, after: Uint8Array.of(9) },
  {
    kind: 'storage',
    contract: A,
    key: new Uint8Array(1100).fill(1),
    before: undefined,
    after: Uint8Array.of(8),
  },
  { kind: 'balance', address: A, asset: NATIVE_ASSET, before: 0n, after: 5n },
  { kind: 'nonce', address: A, before: 0n, after: 1n },
  { kind: 'code', address: B, before: undefined, after: new Uint8Array(5000).fill(3), engine: undefined },
  {
    kind: 'asset',
    asset: B,
    before: undefined,
    after: { creator: A, name: 'x', decimals: 0, maxSupply: 9n, supply: 0n },
  },
];

function contents(store: StateStore): string[] {
  return [...store.records()].map(({ key, value }) => `${bytesToHex(key)}=${bytesToHex(value)}`);
}

test('a snapshot carries a state from memory to LMDB and back, with the same bytes from both', async () => {
  const memory = openState({ kind: 'memory' });
  memory.commit(changes);
  const lmdb = openState({ kind: 'lmdb', path: join(folder, 's') });
  const one = exportSnapshot(memory, join(folder, 'one.snapshot'));
  expect(one.count).toBe(7);
  expect(importSnapshot(join(folder, 'one.snapshot'), lmdb)).toEqual(one);
  expect(contents(lmdb)).toEqual(contents(memory));
  expect(lmdb.getCode(B)?.code.length).toBe(5000);
  exportSnapshot(lmdb, join(folder, 'two.snapshot'));
  expect(readFileSync(join(folder, 'two.snapshot')).equals(readFileSync(join(folder, 'one.snapshot')))).toBe(
    true,
  );
  expect(readdirSync(folder).sort()).toEqual(['one.snapshot', 's', 'two.snapshot']);
  await lmdb.close();
});

test('a snapshot is imported into a filled store only when asked to replace it', async () => {
  const empty = openState({ kind: 'memory' });
  const path = join(folder, 'empty.snapshot');
  exportSnapshot(empty, path);
  for (const store of [openState({ kind: 'memory' }), openState({ kind: 'lmdb', path: join(folder, 's') })]) {
    store.commit(changes);
    expect(() => importSnapshot(path, store)).toThrow('is not empty, so the snapshot was not imported');
    importSnapshot(path, store, { replace: true });
    expect(store.isEmpty).toBe(true);
    store.commit(changes);
    expect(store.getNonce(A)).toBe(1n);
    await store.close();
  }
});

test('any changed, missing or added byte is SNAPSHOT_INVALID and leaves the store as it was', async () => {
  const source = openState({ kind: 'memory' });
  source.commit(changes.filter(({ kind }) => kind !== 'code'));
  const path = join(folder, 'a.snapshot');
  exportSnapshot(source, path);
  const whole = readFileSync(path);
  const target = openState({ kind: 'memory' });
  target.commit([{ kind: 'nonce', address: B, before: 0n, after: 77n }]);
  const lmdb = openState({ kind: 'lmdb', path: join(folder, 's') });
  lmdb.commit([{ kind: 'nonce', address: B, before: 0n, after: 77n }]);
  const before = contents(target);
  const broken: Uint8Array[] = [new Uint8Array(0), Uint8Array.of(...whole, 0)];
  for (let i = 0; i < whole.length; i += 1) {
    const copy = Uint8Array.from(whole);
    copy[i] = copy[i]! ^ (1 << (i % 8));
    broken.push(copy);
    if (i % 7 === 0) broken.push(whole.subarray(0, i));
  }
  for (const [index, bytes] of broken.entries()) {
    writeFileSync(path, bytes);
    const stores = index % 50 === 0 ? [target, lmdb] : [target];
    for (const store of stores) {
      let error: unknown;
      try {
        importSnapshot(path, store, { replace: true });
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(VmError);
      expect((error as VmError).code).toBe('SNAPSHOT_INVALID');
      expect(contents(store)).toEqual(before);
    }
  }
  await lmdb.close();
});

test('a file that is not there is named', () => {
  const store = openState({ kind: 'memory' });
  expect(() => importSnapshot(join(folder, 'none'), store)).toThrow(`${join(folder, 'none')} cannot be read`);
  expect(() => exportSnapshot(store, join(folder, 'no', 'folder'))).toThrow('cannot be written');
});

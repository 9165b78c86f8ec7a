import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournaledState, NATIVE_ASSET, type StateChange, VmError } from '@switchyard/core';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openState } from './open-state.ts';
import type { StateStore } from './state-store.ts';

const A = new Uint8Array(32).fill(0xa1);
const B = new Uint8Array(32).fill(0xb2);
const key = Uint8Array.of(1, 2, 3);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function errorOf(action: () => unknown): VmError {
  try {
    action();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(VmError);
    return thrown as VmError;
  }
  throw new Error('nothing was thrown');
}

const everyKind: readonly StateChange[] = [
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

function expectEveryKind(store: StateStore): void {
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

describe.each(['memory', 'lmdb'] as const)('a %s store', (kind) => {
  const openOne = () => openState(kind === 'memory' ? { kind } : { kind, path: join(folder, 's') });

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
});

describe('an LMDB store', () => {
  test('keeps what was committed when it is closed and opened again', async () => {
    const path = join(folder, 's');
    const first = openState({ kind: 'lmdb', path });
    first.commit(everyKind);
    await first.close();
    const second = openState({ kind: 'lmdb', path });
    expectEveryKind(second);
    await second.close();
    const reader = openState({ kind: 'lmdb', path, readOnly: true });
    expectEveryKind(reader);
    expect(errorOf(() => reader.commit(everyKind)).code).toBe('STATE_READ_ONLY');
    await reader.close();
  });

  test('gives the same code array while the code stays the same, so that compiled modules are found again', async () => {
    const store = openState({ kind: 'lmdb', path: join(folder, 's') });
    store.commit(everyKind);
    const code = store.getCode(B)!.code;
    store.commit([{ kind: 'nonce', address: B, before: 7n, after: 8n }]);
    expect(store.getCode(B)!.code).toBe(code);
    store.commit([{ kind: 'code', address: B, before: code, after: Uint8Array.of(5), engine: undefined }]);
    expect(store.getCode(B)).toEqual({ code: Uint8Array.of(5), engine: undefined });
    await store.close();
  });

  test('carries a journaled state through flushes', async () => {
    const path = join(folder, 's');
    const store = openState({ kind: 'lmdb', path });
    const state = new JournaledState(store);
    for (let i = 0; i < 20; i++) {
      state.setStorage(A, key, Uint8Array.of(i));
      state.setNonce(A, state.getNonce(A) + 1n);
      state.flush();
    }
    await store.close();
    const again = openState({ kind: 'lmdb', path });
    expect(again.getStorage(A, key)).toEqual(Uint8Array.of(19));
    expect(again.getNonce(A)).toBe(20n);
    await again.close();
  });

  test('refuses a commit after another writer, keeps the other one whole, and goes on from there', async () => {
    const path = join(folder, 's');
    const first = openState({ kind: 'lmdb', path });
    const second = openState({ kind: 'lmdb', path });
    first.commit([{ kind: 'nonce', address: A, before: 0n, after: 1n }]);
    const error = errorOf(() => second.commit([{ kind: 'nonce', address: A, before: 0n, after: 5n }]));
    expect(error.code).toBe('STATE_UNAVAILABLE');
    expect(error.message).toBe(
      `another process has written to the state store at ${path}; this call is not kept.`,
    );
    expect(second.getNonce(A)).toBe(1n);
    second.commit([{ kind: 'nonce', address: A, before: 1n, after: 2n }]);
    expect(first.getNonce(A)).toBe(2n);
    await first.close();
    await second.close();
  });

  test('keeps nothing of a commit that breaks in the middle', async () => {
    const store = openState({ kind: 'lmdb', path: join(folder, 's') });
    const broken = {
      kind: 'balance',
      address: A,
      asset: B,
      before: 0n,
      after: 'no bigint',
    } as unknown as StateChange;
    expect(errorOf(() => store.commit([...everyKind, broken])).code).toBe('STATE_UNAVAILABLE');
    expect(store.isEmpty).toBe(true);
    store.commit(everyKind);
    expectEveryKind(store);
    await store.close();
  });
});

describe('opening an LMDB store', () => {
  test('names the missing parent folder', () => {
    const path = join(folder, 'no', 'such', 'folder');
    const error = errorOf(() => openState({ kind: 'lmdb', path }));
    expect(error.code).toBe('STATE_UNAVAILABLE');
    expect(error.message).toBe(
      `the state store at ${path} cannot be opened: the folder ${join(folder, 'no', 'such')} does not exist.`,
    );
    expect(error.hint).toBe(`Make it: mkdir -p ${join(folder, 'no', 'such')}.`);
  });

  test('tells that a file is in the way', () => {
    const path = join(folder, 'file');
    writeFileSync(path, 'x');
    expect(errorOf(() => openState({ kind: 'lmdb', path })).message).toBe(
      `the state store at ${path} cannot be opened: a file is in the way.`,
    );
    expect(errorOf(() => openState({ kind: 'lmdb', path: join(path, 'below') })).code).toBe(
      'STATE_UNAVAILABLE',
    );
  });

  test('does not make a store that is only to be read', () => {
    const path = join(folder, 's');
    expect(errorOf(() => openState({ kind: 'lmdb', path, readOnly: true })).code).toBe('STATE_UNAVAILABLE');
    mkdirSync(path);
    expect(errorOf(() => openState({ kind: 'lmdb', path, readOnly: true })).message).toContain(
      'holds no store',
    );
  });

  test('tells that the user has no rights', () => {
    const path = join(folder, 's');
    mkdirSync(path);
    chmodSync(path, 0o500);
    if (process.getuid?.() === 0) return; // root may do everything
    expect(errorOf(() => openState({ kind: 'lmdb', path })).message).toContain('this user may not open it');
  });

  test('refuses a data file that is not of LMDB, without mapping it', () => {
    const path = join(folder, 's');
    mkdirSync(path);
    writeFileSync(join(path, 'data.mdb'), 'something else entirely, and long enough');
    const error = errorOf(() => openState({ kind: 'lmdb', path }));
    expect(error.code).toBe('STATE_CORRUPT');
    expect(error.message).toBe(`${path}: data.mdb is not an LMDB file.`);
  });

  test('refuses a data file that was cut or whose headers are broken, wherever, without ending the process', async () => {
    const path = join(folder, 's');
    const store = openState({ kind: 'lmdb', path });
    for (let i = 0; i < 40; i++) {
      const after = new Uint8Array(3000).fill(i);
      store.commit([{ kind: 'storage', contract: A, key: Uint8Array.of(i), before: undefined, after }]);
    }
    await store.close();
    const data = join(path, 'data.mdb');
    const whole = readFileSync(data);
    for (const length of [1, 100, 4096, 8192, 12_288, whole.length >> 2]) {
      writeFileSync(data, whole.subarray(0, length));
      expect(errorOf(() => openState({ kind: 'lmdb', path })).code).toBe('STATE_CORRUPT');
    }
    const garbled = Uint8Array.from(whole);
    for (let i = 24; i < 8192; i += 7) garbled[i] = garbled[i]! ^ 0x55;
    writeFileSync(data, garbled);
    expect(errorOf(() => openState({ kind: 'lmdb', path })).code).toBe('STATE_CORRUPT');
    // Pages that were never written may be missing at the end.
    writeFileSync(data, whole);
    const again = openState({ kind: 'lmdb', path });
    expect([...again.entries()]).toHaveLength(40);
    await again.close();
  });

  test('refuses the LMDB store of another program, and one of a newer layout', async () => {
    const path = join(folder, 's');
    const foreign = open<Uint8Array, Uint8Array>({
      path,
      noSubdir: false,
      encoding: 'binary',
      keyEncoding: 'binary',
    });
    foreign.putSync(Uint8Array.of(5), Uint8Array.of(6));
    await foreign.close();
    expect(errorOf(() => openState({ kind: 'lmdb', path })).message).toContain('another program');

    const newer = join(folder, 'newer');
    await openState({ kind: 'lmdb', path: newer }).close();
    const raw = open<Uint8Array, Uint8Array>({
      path: newer,
      noSubdir: false,
      encoding: 'binary',
      keyEncoding: 'binary',
    });
    raw.putSync(
      Uint8Array.from([0, ...new TextEncoder().encode('switchyard')]),
      Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 1),
    );
    await raw.close();
    const error = errorOf(() => openState({ kind: 'lmdb', path: newer }));
    expect(error.code).toBe('STATE_CORRUPT');
    expect(error.message).toBe(`the state store at ${newer} has layout version 2; this version reads 1.`);
  });
});

describe('misuse', () => {
  test('a store is of no use after it is closed, and says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-closed-'));
    const store = openState({ kind: 'lmdb', path: join(folder, 'state') });
    await store.close();
    expect(() => store.getNonce(new Uint8Array(32))).toThrow(/is closed\.$/);
    rmSync(folder, { recursive: true, force: true });
  });

  test('a kind that does not exist opens nothing', () => {
    expect(() => openState({ kind: 'lmdbx', path: 'x' } as never)).toThrow(
      'state.kind: expected "memory" or "lmdb", found "lmdbx".',
    );
  });
});

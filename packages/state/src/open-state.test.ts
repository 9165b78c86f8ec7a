import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournaledState, type StateChange } from '@switchyard/core';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  A,
  B,
  errorOf,
  everyKind,
  expectEveryKind,
  key,
  storeContract,
} from '../test-support/store-contract.ts';
import { openState, openVersionReader } from './open-state.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['memory', 'lmdb'] as const)('a %s store', (kind) => {
  storeContract(() => openState(kind === 'memory' ? { kind } : { kind, path: join(folder, 's') }));
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

  test('builds a commit on the pinned state: after another writer, pinning again is enough', async () => {
    const path = join(folder, 's');
    const first = openState({ kind: 'lmdb', path });
    const second = openState({ kind: 'lmdb', path });
    first.commit([{ kind: 'nonce', address: A, before: 0n, after: 1n }]);
    second.pin();
    expect(second.getNonce(A)).toBe(1n);
    second.commit([{ kind: 'nonce', address: A, before: 1n, after: 2n }]);
    second.pin();
    first.pin();
    first.commit([{ kind: 'nonce', address: A, before: 2n, after: 3n }]);
    expect(second.getNonce(A)).toBe(2n);
    expect(errorOf(() => second.commit([{ kind: 'nonce', address: A, before: 2n, after: 9n }])).code).toBe(
      'STATE_UNAVAILABLE',
    );
    expect(second.getNonce(A)).toBe(3n);
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

describe('a reader of versions', () => {
  test('of memory says 0, since nobody else can change it', async () => {
    const versions = openVersionReader({ kind: 'memory' });
    expect(versions.read()).toBe(0n);
    await versions.close();
  });

  test('of LMDB says what pin says, waits for the store to be there, and is of no use when closed', async () => {
    const path = join(folder, 's');
    const versions = openVersionReader({ kind: 'lmdb', path });
    expect(errorOf(() => versions.read()).code).toBe('STATE_UNAVAILABLE');
    const store = openState({ kind: 'lmdb', path });
    expect(versions.read()).toBe(store.pin());
    store.commit(everyKind);
    expect(versions.read()).toBe(2n);
    expect(store.pin()).toBe(2n);
    await versions.close();
    expect(errorOf(() => versions.read()).message).toBe(`the state store ${path} is closed.`);
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
      'state.kind: expected "memory", "lmdb" or "postgres", found "lmdbx".',
    );
  });
});

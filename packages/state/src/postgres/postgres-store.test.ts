import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournaledState, NATIVE_ASSET, type StateChange } from '@switchyard/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPostgres, startPostgres, type TestServer } from '../../../../test/support/postgres.ts';
import {
  A,
  B,
  errorOf,
  everyKind,
  expectEveryKind,
  key,
  storeContract,
} from '../../test-support/store-contract.ts';
import { openState, openVersionReader } from '../open-state.ts';
import { exportSnapshot, importSnapshot } from '../snapshot.ts';
import type { PostgresOptions, StateStore } from '../state-store.ts';

describe.skipIf(!hasPostgres())('a PostgreSQL store', () => {
  let server: TestServer;
  let schemas = 0;

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  /** A schema that nothing has used. */
  function fresh(): PostgresOptions {
    return { kind: 'postgres', url: server.url, schema: `s${++schemas}` };
  }

  /** Opens stores that are closed when the work is done. */
  async function using(
    options: readonly PostgresOptions[],
    work: (...stores: StateStore[]) => unknown,
  ): Promise<void> {
    const stores = options.map((one) => openState(one));
    try {
      await work(...stores);
    } finally {
      for (const store of stores) await store.close();
    }
  }

  const nonce = (before: bigint, after: bigint): StateChange => ({
    kind: 'nonce',
    address: A,
    before,
    after,
  });

  storeContract(() => openState(fresh()));

  test('keeps what was committed when it is closed and opened again, also by one who may only read', async () => {
    const options = fresh();
    await using([options], (store) => store.commit(everyKind));
    await using([options], expectEveryKind);
    await using([{ ...options, readOnly: true }], (store) => {
      expectEveryKind(store);
      expect(errorOf(() => store.commit(everyKind)).code).toBe('STATE_READ_ONLY');
    });
  });

  test('gives the same code array while the code stays the same, pinned or not', () =>
    using([fresh()], (store) => {
      store.commit(everyKind);
      const code = store.getCode(B)!.code;
      store.commit([nonce(0n, 1n)]);
      expect(store.getCode(B)!.code).toBe(code);
      store.pin();
      expect(store.getCode(B)!.code).toBe(code);
      store.commit([{ kind: 'code', address: B, before: code, after: Uint8Array.of(5), engine: undefined }]);
      expect(store.getCode(B)).toEqual({ code: Uint8Array.of(5), engine: undefined });
    }));

  test('carries a journaled state through flushes', async () => {
    const options = fresh();
    await using([options], (store) => {
      const state = new JournaledState(store);
      for (let i = 0; i < 5; i++) {
        state.setStorage(A, key, Uint8Array.of(i));
        state.setNonce(A, state.getNonce(A) + 1n);
        state.flush();
      }
    });
    await using([options], (store) => {
      expect(store.getStorage(A, key)).toEqual(Uint8Array.of(4));
      expect(store.getNonce(A)).toBe(5n);
    });
  });

  test('refuses a commit after another writer, keeps the other one whole, and goes on from there', async () => {
    const options = fresh();
    await using([options, options], (first, second) => {
      first!.commit([nonce(0n, 1n)]);
      const error = errorOf(() => second!.commit([nonce(0n, 5n), ...everyKind]));
      expect([error.code, error.message, error.details]).toEqual([
        'STATE_UNAVAILABLE',
        `another process has written to the state store at ${second!.name}; this call is not kept.`,
        { retryable: 'true' },
      ]);
      expect([second!.getNonce(A), [...second!.entries()].length]).toEqual([1n, 1]);
      second!.commit([nonce(1n, 2n)]);
      expect(first!.getNonce(A)).toBe(2n);
    });
  });

  test('shows one state to a pinned reader while a writer commits, and the same state from its memory when it pins again', async () => {
    const options = fresh();
    await using([options, { ...options, readOnly: true }], (writer, reader) => {
      writer!.commit(everyKind);
      const version = reader!.pin();
      expect(reader!.getStorage(A, key)).toEqual(Uint8Array.of(9));
      writer!.commit([
        { kind: 'storage', contract: A, key, before: undefined, after: Uint8Array.of(1) },
        nonce(0n, 4n),
      ]);
      // What was read before, and what is read only now.
      expect(reader!.getStorage(A, key)).toEqual(Uint8Array.of(9));
      expect(reader!.getNonce(A)).toBe(0n);
      expectEveryKind(reader!);
      reader!.unpin();
      expect(reader!.getNonce(A)).toBe(4n);
      expect(reader!.pin()).toBe(version + 1n);
      expect(reader!.getStorage(A, key)).toEqual(Uint8Array.of(1));
      const { buffer } = reader!.getStorage(A, key)!;
      reader!.unpin();
      expect(reader!.pin()).toBe(version + 1n);
      expect(reader!.getStorage(A, key)!.buffer).toBe(buffer);
    });
  });

  test('writes a record that is changed twice in one commit once, as it was last', () =>
    using([fresh()], (store) => {
      store.commit([nonce(0n, 1n), nonce(1n, 2n), ...everyKind, nonce(2n, 3n)]);
      expect(store.getNonce(A)).toBe(3n);
    }));

  test('carries a snapshot there and back, byte for byte, over several pages and with long values', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchyard-pg-snapshot-'));
    try {
      const memory = openState({ kind: 'memory' });
      memory.commit(everyKind);
      memory.commit(
        Array.from({ length: 700 }, (_, i): StateChange => {
          const after = new Uint8Array(i % 100 === 0 ? 40_000 : 30).fill(i);
          return { kind: 'storage', contract: B, key: Uint8Array.of(i >> 8, i), before: undefined, after };
        }),
      );
      const [one, two] = [join(folder, 'one'), join(folder, 'two')];
      exportSnapshot(memory, one);
      await using([fresh()], (store) => {
        importSnapshot(one, store);
        exportSnapshot(store, two);
        expect(readFileSync(two).equals(readFileSync(one))).toBe(true);
        expect(() => importSnapshot(one, store)).toThrow('is not empty');
        // A broken one changes nothing.
        const version = store.pin();
        expect(
          errorOf(() => store.replaceAll([{ key: Uint8Array.of(9), value: Uint8Array.of(1) }])).code,
        ).toBe('STATE_CORRUPT');
        expect(store.pin()).toBe(version);
        expect([...store.records()].length).toBe(709);
        // Reads in the course of a listing.
        for (const entry of store.entries()) {
          if (entry.kind === 'nonce') expect(store.getNonce(entry.address)).toBe(entry.nonce);
        }
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('shows an operator what is in it', () =>
    using([fresh()], (store) => {
      store.commit(everyKind);
      const schema = `s${schemas}`;
      const ask = (text: string): string => server.sql(server.url, `SET search_path = ${schema}; ${text}`);
      expect(
        ask(
          `SELECT left(encode(address, 'hex'), 2), left(encode(asset, 'hex'), 2), amount FROM balances ORDER BY 3`,
        ),
      ).toBe('a1|b2|3\na1|00|18446744073709551615');
      expect(
        ask(
          `SELECT encode(key, 'hex'), encode(value, 'hex') FROM storage WHERE octet_length(key) BETWEEN 1 AND 9`,
        ),
      ).toBe('010203|09');
      expect(
        ask(`SELECT octet_length(key), encode(value, 'hex') FROM storage WHERE octet_length(key) > 1024`),
      ).toBe('3000|0405');
      expect(ask('SELECT nonce FROM nonces')).toBe('7');
      expect(ask('SELECT engine, code_length FROM contracts')).toBe('tbpf|4');
      expect(ask(`SELECT name, decimals, max_supply, supply FROM assets`)).toBe('M\\303\\266we|6|0|3');
      expect(ask('SELECT number, title FROM migrations')).toBe('1|records, version and views');
    }));

  test('refuses what others have written into its tables', () =>
    using([fresh()], (store) => {
      store.commit(everyKind);
      const write = (text: string): string =>
        server.sql(server.url, `SET search_path = s${schemas}; ${text}`);
      const a = `'\\x${'a1'.repeat(32)}'`;
      const b = `'\\x${'b2'.repeat(32)}'`;
      write(`UPDATE records SET value = '\\x01ff' WHERE kind = 3 AND address = ${a}`);
      expect(errorOf(() => store.getBalance(A, NATIVE_ASSET)).code).toBe('STATE_CORRUPT');
      write(`UPDATE records SET value = '\\x02' || substr(value, 2) WHERE kind = 4`);
      expect(errorOf(() => store.getNonce(B)).message).toContain('encoding version 2');
      write(`UPDATE records SET value = '\\x0105' WHERE kind = 6 AND address = ${b}`);
      expect(errorOf(() => store.getCode(B)).message).toContain(
        "a contract's code that does not fit its hash",
      );
      write(`DELETE FROM records WHERE kind = 6`);
      expect(errorOf(() => store.getCode(B)).code).toBe('STATE_CORRUPT');
      expect(errorOf(() => [...store.entries()]).code).toBe('STATE_CORRUPT');
      write(`ALTER TABLE records DROP CONSTRAINT records_kind_check, DROP CONSTRAINT records_address_check;
        INSERT INTO records VALUES (999, '\\x01', '\\x', '\\x')`);
      expect(errorOf(() => [...store.records()]).code).toBe('STATE_CORRUPT');
      write('DELETE FROM store');
      expect(errorOf(() => store.pin()).message).toContain('no row with its version');
    }));

  test('says why it cannot be opened, never with the password', async () => {
    const secret = 'pass-w0rd';
    const at = (url: string, more: object = {}) =>
      errorOf(() => openState({ kind: 'postgres', url, timeoutMs: 1000, ...more }));
    const socket = new URL(server.url).searchParams.get('host')!;
    const cases = [
      at(`postgres://u:${secret}@localhost/none?host=${socket}`),
      at(`postgres://postgres:${secret}@localhost/none?host=${socket}`),
      at(`postgres://u:${secret}@localhost/x?host=/nowhere`),
      at(`postgres://u:${secret}@[::1/x`),
      at(`mysql://u:${secret}@localhost/x`),
      at(`postgres://u:${secret}@localhost/x?password=${secret}`),
      at(`postgres://u:${secret}@localhost/x?sslmode=prefer`),
      at(`postgres://u:${secret}%zz@localhost/x`),
      at(`postgres://u:${secret}@localhost/x`, { schema: 'x"; DROP TABLE y; --' }),
      at(`postgres://u:${secret}@localhost/x`, { timeoutMs: 0 }),
      at(server.url, { schema: 'none', readOnly: true }),
      at(server.url, { schema: 'none', mustExist: true }),
    ];
    for (const { message, hint, details } of cases) {
      expect(JSON.stringify([message, hint, details])).not.toContain(secret);
    }
    expect(cases.map(({ code, message }) => `${code}: ${message.replaceAll(socket, 'SOCKET')}`)).toEqual([
      'STATE_UNAVAILABLE: the state store at postgres://u@SOCKET/none cannot be used: the server lets this user not in (role "u" does not exist).',
      'STATE_UNAVAILABLE: the state store at postgres://postgres@SOCKET/none cannot be used: there is no such database (database "none" does not exist).',
      'STATE_UNAVAILABLE: the state store at postgres://u@/nowhere/x cannot be used: the connection failed (connect ENOENT /nowhere/.s.PGSQL.5432).',
      'CONFIG_INVALID: state.url: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, found no such address.',
      'CONFIG_INVALID: state.url: expected an address that begins with postgres://, found mysql:',
      'CONFIG_INVALID: state.url: unknown parameter "password"; expected one of host, sslmode, sslrootcert.',
      'CONFIG_INVALID: state.url: sslmode: expected one of disable, require, verify-full, found "prefer".',
      'CONFIG_INVALID: state.url: a % is not followed by two hexadecimal digits; write % itself as %25.',
      'CONFIG_INVALID: state.schema: expected lower-case letters, digits and _, at most 63, found "x\\"; DROP TABLE y; --".',
      'CONFIG_INVALID: state.timeoutMs: expected 1 to 3600000 milliseconds, found 0.',
      'STATE_UNAVAILABLE: there is no state store at postgres://postgres@SOCKET/postgres, schema none.',
      'STATE_UNAVAILABLE: there is no state store at postgres://postgres@SOCKET/postgres, schema none.',
    ]);
    expect(server.sql(server.url, `SELECT count(*) FROM pg_namespace WHERE nspname = 'none'`)).toBe('0');
  });

  test('refuses the tables of a later version', async () => {
    const options = fresh();
    await using([options], () => {});
    server.sql(server.url, `INSERT INTO ${options.schema}.migrations VALUES (2, 'of tomorrow')`);
    const error = errorOf(() => openState(options));
    expect([error.code, error.message]).toEqual([
      'STATE_CORRUPT',
      `the state store at ${error.message.split(' ')[4]} schema ${options.schema} has tables of version 2; this version reads 1.`,
    ]);
  });

  test('tells its version beside the store, one query for all who wait', async () => {
    const options = fresh();
    const versions = openVersionReader(options);
    await expect(versions.read()).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
    await using([options], async (store) => {
      expect(await versions.read()).toBe(store.pin());
      store.commit(everyKind);
      const asked = Array.from({ length: 50 }, () => versions.read());
      expect(new Set(await Promise.all(asked))).toEqual(new Set([2n]));
      // The first goes at once, the others wait for one query together.
      expect(new Set(asked).size).toBe(2);
    });
    await versions.close();
    await expect(versions.read()).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
  });
});

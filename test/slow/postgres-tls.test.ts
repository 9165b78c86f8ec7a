import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VmError } from '@switchyard/core';
import { openState } from '@switchyard/state';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPostgres, ownToServer, startPostgres, type TestServer } from '../support/postgres.ts';

/** A certificate is made with it. */
function hasOpenssl(): boolean {
  if (spawnSync('openssl', ['version']).status === 0) return true;
  console.warn('openssl: absent, TLS to PostgreSQL is not tested.');
  return false;
}

describe.skipIf(!hasPostgres() || !hasOpenssl())('a PostgreSQL server with a certificate of its own', () => {
  let server: TestServer;
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-pg-tls-'));
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];

  beforeAll(async () => {
    // biome-ignore format: option by option
    execFileSync('openssl', [
      'req', '-new', '-x509', '-days', '2', '-nodes', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate,
    ], { stdio: 'ignore' });
    chmodSync(folder, 0o755);
    chmodSync(key, 0o600);
    ownToServer(key);
    server = await startPostgres({
      tcp: true,
      settings: ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`],
    });
  });
  afterAll(() => {
    server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a store; whether its connection is encrypted, or why there is none. */
  async function connectionWith(parameters: string, host = 'localhost'): Promise<unknown> {
    const url = `${server.url.replace('127.0.0.1', host)}${parameters}`;
    try {
      const store = openState({ kind: 'postgres', url });
      const isEncrypted = server.sql(
        server.url,
        `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'switchyard'`,
      );
      await store.close();
      return isEncrypted;
    } catch (thrown) {
      return thrown instanceof VmError ? [thrown.code, thrown.details['retryable'], thrown.hint] : thrown;
    }
  }

  test('is trusted as sslmode and sslrootcert say', async () => {
    const untrusted = [
      'STATE_UNAVAILABLE',
      'false',
      'Name the certificate that signed it with sslrootcert, and the host as the certificate names it.',
    ];
    expect(await connectionWith('')).toBe('f');
    expect(await connectionWith('?sslmode=require')).toBe('t');
    expect(await connectionWith('?sslmode=verify-full')).toEqual(untrusted);
    expect(await connectionWith(`?sslmode=verify-full&sslrootcert=${certificate}`)).toBe('t');
    expect(await connectionWith(`?sslmode=verify-full&sslrootcert=${certificate}`, '127.0.0.1')).toEqual(
      untrusted,
    );
  });
});

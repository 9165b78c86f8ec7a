import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  callContract,
  deployFile,
  estimateCall,
  exportState,
  fundAccount,
  importState,
  runDoctor,
} from '@switchyard/cli';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPostgres, startPostgres, type TestServer } from '../support/postgres.ts';

const counter = fileURLToPath(new URL('../../fixtures/contracts/counter/counter.so', import.meta.url));
const bin = fileURLToPath(new URL('../../packages/cli/bin/switchyard.js', import.meta.url));
const CONTRACT = `0x${'11'.repeat(32)}`;

describe.skipIf(!hasPostgres())('the commands on a PostgreSQL store', () => {
  let server: TestServer;
  let folder: string;
  let state: string;

  beforeAll(async () => {
    // With a port: what the commands show is the same on every machine but for it.
    server = await startPostgres({ tcp: true });
    folder = mkdtempSync(join(tmpdir(), 'switchyard-pg-commands-'));
    state = server.newDatabase();
  }, 60_000);
  afterAll(() => {
    server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  async function stateCheck(options: { state?: string; config?: string }): Promise<object> {
    return (await runDoctor(options)).find(({ name }) => name === 'state')!;
  }

  test('deploy, call, estimate, fund, export and import, as on any other', async () => {
    expect(await stateCheck({ state })).toMatchObject({
      verdict: 'ok',
      found: `PostgreSQL, ${state}, made at the first deployment`,
    });
    await expect(callContract(CONTRACT, { state })).rejects.toMatchObject({
      code: 'STATE_UNAVAILABLE',
      message: `there is no state store at ${state}.`,
    });
    // Looking and calling have made nothing.
    expect(server.sql(state, `SELECT count(*) FROM pg_namespace WHERE nspname = 'switchyard'`)).toBe('0');
    expect((await deployFile(counter, { state, address: CONTRACT })).status).toBe('success');
    const first = await callContract(CONTRACT, { state });
    const second = await callContract(CONTRACT, { state });
    expect([first.status, second.status]).toEqual(['success', 'success']);
    const memory = { state: join(folder, 'lmdb') };
    await deployFile(counter, { ...memory, address: CONTRACT });
    expect(await callContract(CONTRACT, memory)).toEqual(first);
    expect((await estimateCall(CONTRACT, { state })).estimate.gasLimit).toBe(
      (await estimateCall(CONTRACT, memory)).estimate.gasLimit,
    );
    expect((await fundAccount('0xa', '50', { state })).amount).toBe(50n);
    const file = join(folder, 'snapshot');
    const exported = await exportState(file, { state });
    const other = server.newDatabase();
    expect(await importState(file, { state: other })).toEqual(exported);
    expect((await fundAccount('0xa', '1', { state: other })).amount).toBe(51n);
    expect(await stateCheck({ state })).toMatchObject({ verdict: 'ok', found: `PostgreSQL, ${state}` });
  });

  test('take schema and reading only from the configuration, and show an address without its password', async () => {
    const url = state.replace('postgres@', 'postgres:secret@');
    const config = join(folder, 'switchyard.config.json');
    writeFileSync(config, JSON.stringify({ state: { kind: 'postgres', url, schema: 'second' } }));
    await fundAccount('0xb', '7', { config });
    expect(server.sql(state, 'SELECT amount FROM second.balances')).toBe('7');
    writeFileSync(
      config,
      JSON.stringify({ state: { kind: 'postgres', url, schema: 'second', readOnly: true } }),
    );
    await expect(fundAccount('0xb', '7', { config })).rejects.toMatchObject({ code: 'STATE_READ_ONLY' });
    const shown = spawnSync(process.execPath, [bin, 'config', 'show', '--config', config], {
      encoding: 'utf8',
    });
    expect(shown.stderr).toBe('');
    expect(shown.stdout).toContain(
      `  url: ${url.replace('secret', '***')}\n  schema: second\n  readOnly: true\n`,
    );
    const json = spawnSync(process.execPath, [bin, 'config', 'show', '--config', config, '--json'], {
      encoding: 'utf8',
    });
    expect(json.stdout).not.toContain('secret');
    expect(JSON.parse(json.stdout)).toMatchObject({
      config: { state: { url: url.replace('secret', '***') } },
    });
  });
});

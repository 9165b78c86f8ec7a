import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCodeCache } from '@switchyard/state';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DoctorCheck, runDoctor } from './doctor.ts';

let folder: string;
let config: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-doctor-'));
  config = join(folder, 'switchyard.config.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function checksWith(codeCache: object | undefined): Promise<Record<string, DoctorCheck>> {
  writeFileSync(config, JSON.stringify({ state: { kind: 'memory' }, codeCache }));
  return Object.fromEntries((await runDoctor({ config })).map((check) => [check.name, check]));
}

describe("doctor's look at the code cache", () => {
  test('tells that there is none, as by default', async () => {
    expect((await checksWith(undefined))['code cache']).toMatchObject({ verdict: 'ok', found: 'off' });
    const off = await checksWith({ directory: 'cache', maxBytes: 0 });
    expect(off['code cache']).toMatchObject({ verdict: 'ok', found: 'off' });
  });

  test('tells where it is, beside the configuration file, and how full; and makes nothing', async () => {
    const directory = join(folder, 'cache');
    const before = await checksWith({ directory: 'cache', maxBytes: 100_000 });
    expect(before['code cache']?.found).toBe(`${directory}, modules: 0, 0 of 100000 bytes`);
    expect(readdirSync(folder)).toEqual(['switchyard.config.json']);
    openCodeCache({ directory }).put('key', new Uint8Array(5000));
    const after = await checksWith({ directory: 'cache', maxBytes: 100_000 });
    expect(after['code cache']?.found).toBe(`${directory}, modules: 1, 8192 of 100000 bytes`);
  });

  test('says once that others may write to it', async () => {
    const directory = join(folder, 'cache');
    mkdirSync(directory);
    chmodSync(directory, 0o777);
    const checks = await checksWith({ directory: 'cache' });
    expect(checks['code cache']).toMatchObject({
      verdict: 'broken',
      hint: `Take the right from them: chmod go-w ${directory}.`,
    });
    expect(checks['engines']?.verdict).toBe('ok');
  });
});

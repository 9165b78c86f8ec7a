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

describe("doctor's look at the configuration", () => {
  async function checksOf(value: object): Promise<Record<string, DoctorCheck>> {
    writeFileSync(config, JSON.stringify({ state: { kind: 'memory' }, ...value }));
    return Object.fromEntries((await runDoctor({ config })).map((check) => [check.name, check]));
  }

  const broken = {
    verdict: 'broken',
    found:
      'engine tbpf: option tier: expected "auto", "reference", "interpreter" or "compiled", found "warp".',
    hint: 'Give a value in the named range.',
  };

  test('finds an option that an engine refuses, in its own options and in a rule', async () => {
    const options = { tier: 'warp' };
    const own = await checksOf({ engines: { tbpf: { options } } });
    expect(own['configuration']).toMatchObject(broken);
    expect(own['engines']?.verdict).toBe('ok');
    const rule = await checksOf({ select: [{ engine: 'tbpf', address: '0'.repeat(64), options }] });
    expect(rule['configuration']).toMatchObject(broken);
  });

  test('leaves the options of an engine that is off, and names the file where all is well', async () => {
    const off = await checksOf({ engines: { tbpf: { enabled: false, options: { tier: 'warp' } } } });
    expect(off['configuration']).toMatchObject({ verdict: 'ok', found: config });
  });

  test('tells of an engine that is not there once', async () => {
    const checks = await checksOf({ engines: { tbfp: { enabled: true } } });
    expect(checks['configuration']?.verdict).toBe('ok');
    expect(checks['engines']?.found).toContain('did you mean "tbpf"?');
  });
});

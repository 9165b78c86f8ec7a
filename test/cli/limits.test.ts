import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from './run-case.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An ELF file of that size: the magic, and zeros. */
function elfOf(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.set([0x7f, 0x45, 0x4c, 0x46]);
  return bytes;
}

describe('limits of the command', () => {
  test('an ELF file of 1 MiB and one byte is refused as too large, with the option that raises the limit', async () => {
    writeFileSync(join(folder, 'big.so'), elfOf(1_048_577));
    const { stdout, status } = await runCommand(['run', 'big.so'], folder);
    expect(stdout).toContain('CODE_TOO_LARGE: the code has 1048577 bytes; at most 1048576 are allowed.');
    expect(stdout).toContain('engines.tbpf.options.maxCodeBytes');
    expect(status).toBe(1);
  });

  test('an ELF file of exactly 1 MiB is looked at', async () => {
    writeFileSync(join(folder, 'full.so'), elfOf(1_048_576));
    const { stdout } = await runCommand(['validate', 'full.so'], folder);
    expect(stdout).toContain('CODE_INVALID');
  });

  test('a store that is no store is STATE_UNAVAILABLE or STATE_CORRUPT, and the file stays as it was', async () => {
    writeFileSync(join(folder, 'store'), 'not a database');
    const { stderr, status } = await runCommand(['call', '0x1', '--state', 'store'], folder);
    expect(stderr).toMatch(/^STATE_(UNAVAILABLE|CORRUPT): /);
    expect(status).toBe(2);
  });
});

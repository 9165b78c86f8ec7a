import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runMigrateDemo } from './run-migrate-demo.ts';

test('the demo finds the faithful port equal, and the bug of the other in two calls', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-demo-test-'));
  try {
    const written: string[] = [];
    await runMigrateDemo({
      suites: fileURLToPath(new URL('../../../../fixtures/migration/', import.meta.url)),
      folder,
      write: (text) => written.push(text),
    });
    const text = written.join('\n');
    expect(text).toContain('token ledger: equal\nThe new build did what the old one did in all 1001 calls.');
    expect(text).toContain(`Fails: transfer: storage (2 calls)
  1. mint("minter","1") from minter
  2. transfer("minter","1") from minter
     storage balance["minter"]: old unchanged, new 2`);
    expect(text).toContain(join(folder, 'report.html'));
    expect(readdirSync(folder)).toEqual(['report.html']);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(
      '<h2>Fails: transfer: storage (2 calls)</h2>',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { openCodeCache } from '@switchyard/state';
import { expect, test } from 'vitest';

const child = fileURLToPath(new URL('code-cache-child.ts', import.meta.url));

test('two processes that write the same keys at one time read whole entries only, and leave nothing else behind', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'switchyard-code-cache-'));
  try {
    const outputs = ['1', '100'].map((seed) => {
      const args = ['--conditions=source', '--import', 'tsx', child, directory, seed];
      return text(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout);
    });
    expect(await Promise.all(outputs)).toEqual(['done\n', 'done\n']);
    const files = readdirSync(directory);
    expect(files.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
    const cache = openCodeCache({ directory });
    const found = [0, 1, 2, 3, 4, 5, 6].filter((key) => cache.get(`key ${key}`) !== undefined);
    expect(found.length).toBe(files.length);
    expect(found.length).toBeGreaterThan(0);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

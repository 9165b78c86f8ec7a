import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runCase } from './run-case.ts';

const folder = new URL('./cases/', import.meta.url);

describe.concurrent('the switchyard command prints what its cases say', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.case'))) {
    test(name, async () => {
      const file = new URL(name, folder);
      const text = readFileSync(file, 'utf8');
      const printed = await runCase(text);
      if (process.env['BLESS'] === '1') writeFileSync(file, printed);
      else expect(printed).toBe(text);
      // A case starts up to twenty processes, which takes long on a machine that has other work.
    }, 120_000);
  }
});

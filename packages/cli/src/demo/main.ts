import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endOnClosedPipe } from '../output/closed-pipe.ts';
import { runDemo } from './run-demo.ts';
import { runMigrateDemo } from './run-migrate-demo.ts';

/*
 * `npm run demo` and `npm run demo -- migrate`: need the repository, since the contracts are its fixtures. The first one's store lies in a
 * temporary folder and is removed, whatever happens; the second one's report lies in one that stays.
 */
const fixtures = fileURLToPath(new URL('../../../../fixtures/', import.meta.url));
const write = (text: string): void => void process.stdout.write(`${text}\n`);

async function demo(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-demo-'));
  try {
    await runDemo({ contracts: join(fixtures, 'contracts'), store: join(folder, 'state'), write });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    write(`The store ${folder} is removed.`);
  }
}

async function migrateDemo(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-migrate-'));
  await runMigrateDemo({ suites: join(fixtures, 'migration'), folder, write });
}

endOnClosedPipe();
const [name, ...rest] = process.argv.slice(2);
if (name === undefined) await demo();
else if (name === 'migrate' && rest.length === 0) await migrateDemo();
else {
  process.stderr.write('usage: npm run demo, or npm run demo -- migrate\n');
  process.exitCode = 2;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endOnClosedPipe } from '../output/closed-pipe.ts';
import { runDemo } from './run-demo.ts';

/*
 * `npm run demo`: needs the repository, since the contracts are its fixtures. The store lies in a temporary folder and is removed,
 * whatever happens.
 */
const contracts = fileURLToPath(new URL('../../../../fixtures/contracts/', import.meta.url));
endOnClosedPipe();
const folder = mkdtempSync(join(tmpdir(), 'switchyard-demo-'));
try {
  await runDemo({
    contracts,
    store: join(folder, 'state'),
    write: (text) => process.stdout.write(`${text}\n`),
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`The store ${folder} is removed.\n`);
}

import { writeFileSync } from 'node:fs';
import { renderPerformancePage } from './performance-page.ts';
import { readReport } from './read-report.ts';
import { wideRows } from './spread.ts';

/*
 * npm run docs:performance -- FILE
 *
 * Keeps a report of `npm run bench -- tbpf --json FILE` as docs/performance.json and writes docs/performance.md from it. Says which
 * figures their rounds leave in doubt.
 */

const docs = new URL('../../docs/', import.meta.url);
const files = process.argv.slice(2);
try {
  if (files.length !== 1) throw new Error('usage: npm run docs:performance -- FILE');
  const report = readReport(files[0]!);
  writeFileSync(new URL('performance.json', docs), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(new URL('performance.md', docs), renderPerformancePage(report));
  console.log('docs: wrote performance.json, performance.md');
  const wide = wideRows(report);
  for (const row of wide) console.log(row);
  if (wide.length > 0) console.log(`${wide.length} rows spread widely; the page marks those that it has`);
} catch (thrown) {
  console.error((thrown as Error).message);
  process.exitCode = 2;
}

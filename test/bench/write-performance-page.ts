import { readFileSync, writeFileSync } from 'node:fs';
import type { BenchReport } from '@switchyard/cli';
import { renderPerformancePage } from './performance-page.ts';

/*
 * npm run docs:performance -- FILE
 *
 * Keeps a report of `npm run bench -- tbpf --json FILE` as docs/performance.json and writes docs/performance.md from it.
 */

const docs = new URL('../../docs/', import.meta.url);
const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: npm run docs:performance -- FILE');
  process.exitCode = 2;
} else {
  const report = JSON.parse(readFileSync(file, 'utf8')) as BenchReport;
  writeFileSync(new URL('performance.json', docs), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(new URL('performance.md', docs), renderPerformancePage(report));
  console.log('docs: wrote performance.json, performance.md');
}

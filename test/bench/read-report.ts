import { readFileSync } from 'node:fs';
import type { BenchReport } from '@switchyard/cli';

/** What a report has besides its version; each a list. */
const LISTS = ['results', 'ratios', 'meanRatios'] as const;

/** The report in a file. @throws Error of one line that names the file and what is wrong with it. */
export function readReport(file: string): BenchReport {
  const refuse = (what: string): Error => new Error(`${file}: ${what}.`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    throw refuse(code === 'ENOENT' ? 'there is no such file' : message);
  }
  let report: Partial<BenchReport> | null;
  try {
    report = JSON.parse(text) as Partial<BenchReport> | null;
  } catch (thrown) {
    throw refuse(`this is no JSON: ${(thrown as Error).message.replaceAll('\n', ' ')}`);
  }
  const isReport = report?.machine !== undefined && LISTS.every((list) => Array.isArray(report[list]));
  if (!isReport) throw refuse('this is no report of `npm run bench -- tbpf --json FILE`');
  if (report?.schemaVersion !== 1)
    throw refuse(`expected a report of schema version 1, found ${report?.schemaVersion}`);
  return report as BenchReport;
}

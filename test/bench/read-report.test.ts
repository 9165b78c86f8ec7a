import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readReport } from './read-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

function refusal(name: string, text?: string): string {
  const file = join(folder, name);
  if (text !== undefined) writeFileSync(file, text);
  try {
    readReport(file);
  } catch (thrown) {
    return (thrown as Error).message.replace(folder, '');
  }
  return 'taken';
}

test('a file that is not there, no JSON, or no report, is refused in one line', () => {
  const noReport = 'this is no report of `npm run bench -- tbpf --json FILE`.';
  expect(refusal('missing.json')).toBe('/missing.json: there is no such file.');
  expect(refusal('text.json', 'program\nmedian')).toMatch(
    /^\/text\.json: this is no JSON: Unexpected token .+\.$/,
  );
  expect(refusal('package.json', '{"name":"switchyard","version":"0.1.0"}')).toBe(
    `/package.json: ${noReport}`,
  );
  expect(refusal('null.json', 'null')).toBe(`/null.json: ${noReport}`);
  const later = '{"schemaVersion":2,"machine":{},"results":[],"ratios":[],"meanRatios":[]}';
  expect(refusal('later.json', later)).toBe('/later.json: expected a report of schema version 1, found 2.');
});

test("the documentation's own report is taken", () => {
  const file = fileURLToPath(new URL('../../docs/performance.json', import.meta.url));
  expect(readReport(file).results.length).toBeGreaterThan(100);
});

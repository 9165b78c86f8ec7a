import { afterEach, expect, test, vi } from 'vitest';
import { type CommandReport, printReport } from './reporter.ts';

afterEach(() => vi.restoreAllMocks());

function printed(report: CommandReport, isJson: boolean): readonly [stdout: string, stderr: string] {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    });
  }
  printReport(report, isJson);
  vi.restoreAllMocks();
  return [said.stdout, said.stderr];
}

const report: CommandReport = {
  command: 'run',
  exitCode: 1,
  data: { file: 'a\u009b31m\u202eb.so' },
  text: () => 'the text',
  errorText: () => 'the error',
};

test('text goes to standard output, and what went wrong to standard error', () => {
  expect(printed(report, false)).toEqual(['the text\n', 'the error\n']);
});

test('JSON escapes what steers a terminal', () => {
  expect(printed(report, true)).toEqual([
    '{\n  "schemaVersion": 1,\n  "command": "run",\n  "ok": false,\n  "file": "a\\u009b31m\\u202eb.so"\n}\n',
    '',
  ]);
});

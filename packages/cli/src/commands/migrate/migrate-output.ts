import { jsonText, printable, VmError } from '@switchyard/core';
import { type Report, toHtml, toJunit, toMarkdown, toText } from '@switchyard/migration';
import type { CommandReport } from '../../output/reporter.ts';
import { checkWritable, writeOutput } from '../../output/write-output.ts';

/** Options of every command that ends in a report. */
export interface MigrateOutputOptions {
  readonly json?: boolean;
  /** Files to write; their endings say the form. */
  readonly report?: readonly string[];
}

const FORMS: Readonly<Record<string, (report: Report) => string>> = {
  html: toHtml,
  json: (report) => `${jsonText(report, 2)}\n`,
  md: toMarkdown,
  xml: toJunit,
};

/** What messages and help say of report files. */
export const REPORT_FORMS = '.html, .json, .md or .xml (JUnit)';

/** Makes sure that every report file can be written and has a known ending, before the work. @throws VmError USAGE_INVALID, FILE_UNREADABLE. */
export function checkReportFiles({ report = [] }: MigrateOutputOptions): void {
  for (const file of report) {
    formOf(file);
    checkWritable(file);
  }
}

/** Writes the report files. @returns the command's own report: its exit code is 1 unless the builds are equal but for what is accepted. */
export function reportResult(command: string, report: Report, options: MigrateOutputOptions): CommandReport {
  const files = options.report ?? [];
  for (const file of files) writeOutput(file, formOf(file)(report));
  return {
    command,
    exitCode: report.verdict === 'equal' || report.verdict === 'accepted' ? 0 : 1,
    data: { report },
    text: () => {
      const lines = toText(report).split('\n').map(printable);
      return [...lines, ...files.map((file) => `wrote ${printable(file)}`)].join('\n');
    },
  };
}

function formOf(file: string): (report: Report) => string {
  const ending = /\.([a-z]+)$/.exec(file)?.[1] ?? '';
  if (Object.hasOwn(FORMS, ending)) return FORMS[ending]!;
  throw new VmError('USAGE_INVALID', `--report: ${file} should end in ${REPORT_FORMS}.`);
}

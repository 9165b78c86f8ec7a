import { join } from 'node:path';
import { printable } from '@switchyard/core';
import { generate, type Report, toHtml, toText } from '@switchyard/migration';
import pc from 'picocolors';
import { importEngines, readSuiteFile } from '../commands/migrate/read-suite-file.ts';
import { writeOutput } from '../output/write-output.ts';

/** Where the migration demo finds its contracts, puts its report, and writes to. */
export interface MigrateDemoOptions {
  /** Folder with token-ledger/suite.yaml and buggy/token-ledger/suite.yaml. */
  readonly suites: string;
  /** Folder for the report. */
  readonly folder: string;
  readonly write: (text: string) => void;
}

/** Enough that the bug is found, and little enough that the demo takes a few seconds. */
const CALLS = 1000;

/** Runs a legacy contract beside its faithful port, then beside one with a bug, which is found, shortened and shown on a page. */
export async function runMigrateDemo({ suites, folder, write }: MigrateDemoOptions): Promise<void> {
  write(
    pc.bold('Switchyard: a token ledger of the legacy stack VM and its port in C, call by call on both.\n'),
  );
  await compareBuilds(join(suites, 'token-ledger/suite.yaml'), write);
  write(pc.bold('\nThe same with a bug in the port that no call of the suite shows; generated calls do.\n'));
  const report = await compareBuilds(join(suites, 'buggy/token-ledger/suite.yaml'), write);
  write(
    '\nIn C: transfer reads both balances before it writes either, so who sends to oneself gets the amount on top.',
  );
  const page = join(folder, 'report.html');
  writeOutput(page, toHtml(report));
  write(
    `\n${pc.bold('For people who sign:')} ${page}\nOne page that loads nothing; open it in a browser. It stays.`,
  );
}

async function compareBuilds(file: string, write: MigrateDemoOptions['write']): Promise<Report> {
  const loaded = readSuiteFile(file);
  const modules = await importEngines(loaded);
  const today = new Date().toISOString().slice(0, 10);
  const report = generate(loaded.suite, { modules, today, calls: CALLS });
  write(toText(report).split('\n').map(printable).join('\n'));
  return report;
}

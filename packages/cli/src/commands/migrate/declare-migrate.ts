import { type Command, Option } from 'commander';
import type { Perform } from '../declare.ts';
import { collect, type Declared } from '../declare-options.ts';

function withReports(command: Command): Command {
  return command
    .option('--json', 'print the result as JSON')
    .addOption(
      new Option(
        '--report <file>',
        'write a report, in the form of its ending: .html, .json, .md or .xml (JUnit); repeat',
      ).argParser(collect),
    );
}

function comparing(command: Command): Command {
  return withReports(command)
    .option('--accepted <file>', 'rules for differences that are accepted')
    .option('--today <day>', 'day on which rules expire or not (default: today)');
}

/** Declares `migrate` and what is under it. */
export function declareMigrate(program: Command, perform: Perform): void {
  const migrate = program
    .command('migrate')
    .description('prove that a new build of a contract does what the old one did')
    .addHelpText(
      'after',
      `
The steps: check, init, complete the suite, run, replay of recorded calls, report.
Exit code: 0 equal, or only accepted differences; 1 anything else that was compared; 2 wrong usage or input.
Formats: docs/reference/migration-suite.md. Step by step: docs/guide/migrate.md.`,
    );

  migrate
    .command('check <old> <new>')
    .description('compare entries, hooks and host calls of two builds without running them')
    .option('--json', 'print the result as JSON')
    .action(async (old: string, fresh: string, options: Declared) =>
      perform('migrate check', options.json === true, async () =>
        (await import('./migrate-files.ts')).migrateCheckCommand(old, fresh),
      ),
    );

  migrate
    .command('init <old> <new>')
    .description('write a suite to begin with')
    .option('--json', 'print the result as JSON')
    .option('-o, --output <file>', 'suite to write (default: suite.yaml)')
    .action(async (old: string, fresh: string, options: Declared) =>
      perform('migrate init', options.json === true, async () =>
        (await import('./migrate-files.ts')).migrateInitCommand(old, fresh, options),
      ),
    );

  comparing(migrate.command('run <suite>'))
    .description(
      'run the suite’s calls and generated ones on both builds, and compare; a failure is shortened to the fewest calls',
    )
    .option('--calls <n>', 'calls in all; 0: the suite’s own only (default: 10000)')
    .option('--seed <n>', 'the same seed generates the same calls (default: 1)')
    .action(async (suite: string, options: Declared) =>
      perform('migrate run', options.json === true, async () =>
        (await import('./migrate-run.ts')).migrateRunCommand(suite, options),
      ),
    );

  migrate
    .command('record <suite>')
    .description('write a capture of the suite’s calls, as a chain with the old build would record them')
    .option('--json', 'print the result as JSON')
    .option('-o, --output <file>', 'capture to write (needed)')
    .option('--calls <n>', 'calls in all: the suite’s own, then generated ones')
    .option('--seed <n>', 'the same seed generates the same calls (default: 1)')
    .action(async (suite: string, options: Declared) =>
      perform('migrate record', options.json === true, async () =>
        (await import('./migrate-files.ts')).migrateRecordCommand(suite, options),
      ),
    );

  comparing(migrate.command('replay <suite> [capture]'))
    .description(
      'replay recorded calls (a capture, - for standard input; by default the suite’s own) on both builds',
    )
    .option(
      '--folder <folder>',
      'keep progress and records there: the same command goes on where a killed one ended',
    )
    .option('--restart', 'begin anew, whatever the folder holds')
    .action(async (suite: string, capture: string | undefined, options: Declared) =>
      perform('migrate replay', options.json === true, async () =>
        (await import('./migrate-run.ts')).migrateReplayCommand(suite, capture, options),
      ),
    );

  withReports(migrate.command('report <path>'))
    .description(
      'show a finished report, or write it in other forms; the folder of a replay, or a report in JSON',
    )
    .action(async (path: string, options: Declared) =>
      perform('migrate report', options.json === true, async () =>
        (await import('./migrate-files.ts')).migrateReportCommand(path, options),
      ),
    );
}

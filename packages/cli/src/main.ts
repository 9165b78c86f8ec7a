import { VmError } from '@switchyard/core';
import { Command, CommanderError } from 'commander';
import { declareCommands } from './commands/declare.ts';
import { endOnClosedPipe } from './output/closed-pipe.ts';
import { type CommandReport, type ExitCode, printFailure, printReport } from './output/reporter.ts';

/**
 * Runs the command line. Results go to standard output, progress and errors to standard error.
 * @param args without the program's own name.
 * @returns the exit code: 0 ok, 1 the contract failed, 2 bad usage or configuration, 3 internal.
 */
export async function main(args: readonly string[], version: string): Promise<ExitCode> {
  endOnClosedPipe();
  let exitCode: ExitCode = 0;
  const perform = async (name: string, isJson: boolean, act: () => Promise<CommandReport>): Promise<void> => {
    try {
      const report = await act();
      printReport(report, isJson);
      exitCode = report.exitCode;
    } catch (thrown) {
      exitCode = await printFailure(thrown, name, isJson);
    }
  };
  const program = new Command('switchyard')
    .description('Runs smart contracts of several virtual machines behind one interface.')
    .version(version)
    .showHelpAfterError('Run with --help for the usage.')
    .exitOverride();
  declareCommands(program, perform, version);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    // Help and version end with 0; everything else commander refuses is bad usage, and it has said so to people.
    if (thrown.exitCode === 0) return 0;
    if (!args.includes('--json')) return 2;
    return printFailure(
      new VmError('USAGE_INVALID', thrown.message.replace(/^error: /, '')),
      args[0] ?? '',
      true,
    );
  }
  return exitCode;
}

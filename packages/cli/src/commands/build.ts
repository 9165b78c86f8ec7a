import { VmError } from '@switchyard/core';
import { type BuildResult, build } from '@switchyard/sdk';
import pc from 'picocolors';
import type { CommandReport } from '../output/reporter.ts';

/** Options of `switchyard build`. */
export interface BuildCommandOptions {
  readonly json?: boolean;
  readonly output?: string;
  readonly optimise?: string;
  readonly include?: readonly string[];
  readonly strict?: boolean;
  /** Keep the names of static functions, for readable faults. */
  readonly symbols?: boolean;
}

const LEVELS = ['1', '2', '3', 's', 'z'] as const;

/** Builds C sources and objects to a contract; the output's name defaults to that of the first source with `.so`. */
export function buildFiles(sources: readonly string[], options: BuildCommandOptions = {}): BuildResult {
  const optimisation = LEVELS.find((level) => level === options.optimise);
  if (options.optimise !== undefined && optimisation === undefined) {
    throw new VmError(
      'USAGE_INVALID',
      `-O: expected one of ${LEVELS.join(', ')}, found "${options.optimise}".`,
    );
  }
  return build({
    sources,
    output: outputOf(sources, options),
    ...(optimisation === undefined ? {} : { optimisation }),
    ...(options.include === undefined ? {} : { includePaths: options.include }),
    ...(options.strict === undefined ? {} : { strict: options.strict }),
    ...(options.symbols === undefined ? {} : { debugSymbols: options.symbols }),
  });
}

function outputOf(sources: readonly string[], options: BuildCommandOptions): string {
  return options.output ?? `${(sources[0] ?? 'contract').replace(/\.[^./\\]*$/, '')}.so`;
}

/** `switchyard build FILE.c…`. */
export async function buildCommand(
  sources: readonly string[],
  options: BuildCommandOptions,
): Promise<CommandReport> {
  const { elf, warnings } = buildFiles(sources, options);
  const output = outputOf(sources, options);
  for (const warning of warnings) process.stderr.write(`${pc.yellow('warning')}: ${warning}\n`);
  return {
    command: 'build',
    exitCode: 0,
    data: { output, bytes: elf.length, warnings },
    text: () => `wrote ${output}, ${elf.length} bytes`,
  };
}

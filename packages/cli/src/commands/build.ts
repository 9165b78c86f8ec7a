import { printable, VmError } from '@switchyard/core';
import { type BuildResult, build, type LinkedVersion, type LinkMap } from '@switchyard/sdk';
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
  /** Keep debug information, and the names of static functions. */
  readonly debug?: boolean;
  /** Version of the contract, `v0` or `v3`. */
  readonly isa?: string;
  /** `false` keeps sections that nothing reaches. */
  readonly gcSections?: boolean;
  /** List what is in the contract. */
  readonly map?: boolean;
}

const LEVELS = ['1', '2', '3', 's', 'z'] as const;

const VERSIONS: Readonly<Record<string, LinkedVersion>> = { v0: 0, v3: 3 };

/** Builds C sources, objects and archives to a contract; the output's name defaults to that of the first source with `.so`. */
export function buildFiles(sources: readonly string[], options: BuildCommandOptions = {}): BuildResult {
  const optimisation = LEVELS.find((level) => level === options.optimise);
  if (options.optimise !== undefined && optimisation === undefined) {
    throw new VmError(
      'USAGE_INVALID',
      `-O: expected one of ${LEVELS.join(', ')}, found "${options.optimise}".`,
    );
  }
  const version = VERSIONS[options.isa ?? 'v0'];
  if (version === undefined) {
    throw new VmError('USAGE_INVALID', `--isa: expected v0 or v3, found "${options.isa}".`, {
      hint: 'The linker writes V0, which every engine accepts by default, and V3.',
    });
  }
  return build({
    sources,
    version,
    output: outputOf(sources, options),
    ...(optimisation === undefined ? {} : { optimisation }),
    ...(options.include === undefined ? {} : { includePaths: options.include }),
    ...(options.strict === undefined ? {} : { strict: options.strict }),
    ...(options.symbols === true || options.debug === true ? { debugSymbols: true } : {}),
    ...(options.debug === true ? { debugInfo: true } : {}),
    ...(options.gcSections === undefined ? {} : { gcSections: options.gcSections }),
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
  const { elf, warnings, map } = buildFiles(sources, options);
  const output = outputOf(sources, options);
  for (const warning of warnings)
    process.stderr.write(`${pc.yellow('warning')}: ${warning.split('\n').map(printable).join('\n')}\n`);
  return {
    command: 'build',
    exitCode: 0,
    data: { output, bytes: elf.length, warnings, ...(options.map === true ? { map } : {}) },
    text: () => {
      const wrote = `wrote ${printable(output)}, ${elf.length} bytes`;
      return options.map === true ? [wrote, ...mapLines(map)].join('\n') : wrote;
    },
  };
}

/** The map as a table: what is in the contract by address, then what was left out. */
function mapLines({ sections, removed, members, builtins }: LinkMap): string[] {
  const row = (place: string, size: number, section: string, object: string) =>
    `  ${place.padStart(11)}  ${String(size).padStart(7)}  ${section}  ${printable(object)}`;
  return [
    '      address    bytes  section and object',
    ...sections.map(({ address, size, section, object }) =>
      row(`0x${address.toString(16)}`, size, printable(section), object),
    ),
    ...removed.map(({ size, section, object }) => row('left out', size, printable(section), object)),
    ...members.map((name) => `  drawn from an archive: ${printable(name)}`),
    ...builtins.map((name) => `  supplied by the linker: ${name}`),
  ];
}

import { bytesToHex, jsonText, printable, type TransactionResult, VmError } from '@switchyard/core';
import { createProfiler, type Profile, toFolded, toHtml, toSpeedscope, toText } from '@switchyard/profiler';
import { observe, type TargetOptions, withTarget } from '../app/open-target.ts';
import { formatError } from '../output/format-error.ts';
import { type CommandReport, exitCodeOfResult } from '../output/reporter.ts';
import { checkWritable, refuseInput, writeOutput } from '../output/write-output.ts';

/** Options of `switchyard profile`. */
export interface ProfileCommandOptions extends TargetOptions {
  readonly format?: string;
  readonly output?: string;
}

/** A profile, with how the call ended. */
export interface TargetProfile {
  readonly profile: Profile;
  /** The file's name without its folders, or the contract's address: what the profile is called, wherever it is made. */
  readonly name: string;
  readonly result: TransactionResult;
}

/** Profiles a call of a contract file in an empty state, or of a deployed contract; the store stays as it is. */
export function profileTarget(target: string, options: TargetOptions = {}): Promise<TargetProfile> {
  return withTarget(target, options, (opened) => {
    const profiler = createProfiler(opened.names);
    const result = observe(opened, profiler.observer);
    const name = opened.file ?? bytesToHex(opened.contract);
    return { profile: profiler.finish(result.result, result.gas.limit), name, result };
  });
}

const FORMATS: Readonly<Record<string, (profile: Profile, name: string) => string>> = {
  text: toText,
  folded: toFolded,
  speedscope: (profile, name) => `${jsonText(toSpeedscope(profile, name))}\n`,
  html: toHtml,
};

/** `switchyard profile TARGET`. */
export async function profileCommand(target: string, options: ProfileCommandOptions): Promise<CommandReport> {
  const { format = 'text', output } = options;
  const render = Object.hasOwn(FORMATS, format) ? FORMATS[format]! : undefined;
  if (render === undefined) {
    const names = Object.keys(FORMATS).join(', ');
    throw new VmError('USAGE_INVALID', `--format: expected one of ${names}, found "${format}".`);
  }
  refuseInput(output, [target]);
  if (output !== undefined) checkWritable(output);
  const { profile, name, result } = await profileTarget(target, options);
  const text = render(profile, name);
  if (output !== undefined) writeOutput(output, text);
  return {
    command: 'profile',
    exitCode: exitCodeOfResult(result),
    data: { target, result, profile, ...(output === undefined ? {} : { output }) },
    text: () =>
      output === undefined ? text.trimEnd() : `wrote ${printable(output)}, ${profile.gasUsed} gas`,
    errorText: () => (result.error === null ? '' : formatError(result.error)),
  };
}

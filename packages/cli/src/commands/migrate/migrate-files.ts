import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { printable, VmError } from '@switchyard/core';
import {
  checkSignatures,
  readReport,
  recordSuite,
  type SignatureCheck,
  writeSuite,
} from '@switchyard/migration';
import { openFactory } from '../../app/open-factory.ts';
import { parseInteger } from '../../arguments/parse.ts';
import { readInputFile } from '../../arguments/read-input.ts';
import type { CommandReport } from '../../output/reporter.ts';
import { checkWritable, refuseInput, writeOutput } from '../../output/write-output.ts';
import { checkReportFiles, type MigrateOutputOptions, reportResult } from './migrate-output.ts';
import { MOST_CALLS, MOST_SEED } from './migrate-run.ts';
import { engineUrls, importEngines, readSuiteFile } from './read-suite-file.ts';

/** Options of `migrate init` and `migrate record`. */
export interface MigrateFileOptions extends MigrateOutputOptions {
  readonly output?: string;
  readonly calls?: string;
  readonly seed?: string;
}

/** `switchyard migrate check OLD NEW`: what can be said without running. Exit code 1 when calls of the old build cannot work. */
export async function migrateCheckCommand(old: string, fresh: string): Promise<CommandReport> {
  const check = await checkFiles(old, fresh);
  return {
    command: 'migrate check',
    exitCode: check.findings.some(({ level }) => level === 'error') ? 1 : 0,
    data: { check },
    text: () => checkText(check),
  };
}

/** `switchyard migrate init OLD NEW`: a suite to begin with. */
export async function migrateInitCommand(
  old: string,
  fresh: string,
  { output = 'suite.yaml' }: MigrateFileOptions,
): Promise<CommandReport> {
  if (existsSync(output)) {
    throw new VmError('USAGE_INVALID', `${output} exists.`, { hint: 'Name another file with --output.' });
  }
  checkWritable(output);
  const check = await checkFiles(old, fresh);
  const inspected = await inspectFile(old);
  const folder = dirname(resolve(output));
  const within = (path: string): string => relative(folder, resolve(path)).replaceAll('\\', '/');
  const text = writeSuite({
    name: basename(old).replace(/\.[^.]*$/, ''),
    old: within(old),
    new: within(fresh),
    entries: inspected.entries,
    hasConstructor: inspected.hooks.includes(0),
    check,
  });
  writeOutput(output, text);
  return {
    command: 'migrate init',
    exitCode: 0,
    data: { output, check },
    text: () =>
      `${checkText(check)}\nwrote ${printable(output)}: name its entries' parameters, storage and events, then migrate run`,
  };
}

/** `switchyard migrate record SUITE -o FILE`: the suite's calls, and generated ones, as a chain with the old build would record them. */
export async function migrateRecordCommand(
  file: string,
  options: MigrateFileOptions,
): Promise<CommandReport> {
  const { output } = options;
  if (output === undefined) throw new VmError('USAGE_INVALID', 'give --output FILE.');
  refuseInput(output, [file]);
  checkWritable(output);
  const calls =
    options.calls === undefined ? undefined : parseInteger(options.calls, '--calls', 0, MOST_CALLS);
  const seed = options.seed === undefined ? undefined : parseInteger(options.seed, '--seed', 0, MOST_SEED);
  const loaded = readSuiteFile(file);
  const modules = await importEngines(loaded);
  const handle = openSync(output, 'w');
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) writeSync(handle, `${lines.join('\n')}\n`);
    lines = [];
  };
  try {
    const count = recordSuite(loaded.suite, {
      modules,
      ...(calls === undefined ? {} : { calls }),
      ...(seed === undefined ? {} : { seed }),
      write(line) {
        lines.push(line);
        if (lines.length >= 1000) flush();
      },
    });
    flush();
    return {
      command: 'migrate record',
      exitCode: 0,
      data: { output, calls: count },
      text: () => `wrote ${printable(output)}, ${count} calls`,
    };
  } finally {
    closeSync(handle);
  }
}

/** `switchyard migrate report FOLDER|FILE`: other forms of a finished report. */
export async function migrateReportCommand(
  path: string,
  options: MigrateOutputOptions,
): Promise<CommandReport> {
  checkReportFiles(options);
  const file = existsSync(join(path, 'report.json')) ? join(path, 'report.json') : path;
  return reportResult('migrate report', readReport(file, readReportText(path, file)), options);
}

function readReportText(path: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new VmError('FILE_UNREADABLE', `${path} holds no finished report.`, {
      hint: 'Give the folder of a replay that has ended, or a report in JSON.',
      cause,
    });
  }
}

async function checkFiles(old: string, fresh: string): Promise<SignatureCheck> {
  const factory = await openFactory(engineUrls());
  const side = (name: string) => {
    const code = readInputFile(name);
    return { name, code, tools: factory.definition(factory.select({ code }).type).tools };
  };
  return checkSignatures(side(old), side(fresh));
}

async function inspectFile(name: string) {
  const factory = await openFactory(engineUrls());
  const code = readInputFile(name);
  return factory.definition(factory.select({ code }).type).tools.inspect(code);
}

function checkText({ old, new: fresh, findings, natives, texts }: SignatureCheck): string {
  const lines = [`${old.name} (${old.engine}) → ${fresh.name} (${fresh.engine})`];
  if (findings.length === 0) lines.push('  nothing to look after');
  for (const { level, what } of findings) lines.push(`  ${level.padEnd(8)} ${what}`);
  const computed = natives
    .filter(({ counterpart }) => counterpart.kind === 'code')
    .map(({ native }) => native);
  if (computed.length > 0) lines.push(`  computed by the port itself: ${computed.join(', ')}`);
  if (texts.length > 0)
    lines.push(
      `  text constants, storage keys among them: ${texts.map((text) => JSON.stringify(text)).join(', ')}`,
    );
  return lines.map(printable).join('\n');
}

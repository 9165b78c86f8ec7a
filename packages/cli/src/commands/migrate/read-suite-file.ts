import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type AcceptedRule,
  type EngineModules,
  loadEngines,
  readAccepted,
  readSuite,
  type Suite,
} from '@switchyard/migration';
import { builtInEngines } from '../../app/built-in-engines.ts';
import { readInputFile } from '../../arguments/read-input.ts';

/** A suite, and the engines that it may need as URLs that any thread can import. */
export interface LoadedSuite {
  readonly suite: Suite;
  readonly engines: readonly string[];
}

/** Reads a suite file; the paths in it start at its folder. @throws VmError SUITE_INVALID, FILE_UNREADABLE. */
export function readSuiteFile(path: string): LoadedSuite {
  const folder = dirname(resolve(path));
  const suite = readSuite({
    name: path,
    text: Buffer.from(readInputFile(path)).toString('utf8'),
    readFile: (name) => readInputFile(resolve(folder, name)),
  });
  return { suite, engines: engineUrls(suite.plugins, folder) };
}

/** Accepted differences of a file; none without a file. @throws VmError SUITE_INVALID, FILE_UNREADABLE. */
export function readAcceptedFile(path: string | undefined): readonly AcceptedRule[] {
  return path === undefined ? [] : readAccepted(path, Buffer.from(readInputFile(path)).toString('utf8'));
}

/** The container modules of engines. @throws VmError PLUGIN_INVALID. */
export function importEngines({ engines }: Pick<LoadedSuite, 'engines'>): Promise<EngineModules> {
  return loadEngines(engines);
}

/** URLs of the engines that the command brings along, and of those that a suite names. */
export function engineUrls(plugins: readonly string[] = [], folder = process.cwd()): readonly string[] {
  return [
    ...builtInEngines.map((name) => import.meta.resolve(name)),
    ...plugins.map((name) =>
      name.startsWith('.') || name.startsWith('/') ? pathToFileURL(resolve(folder, name)).href : name,
    ),
  ];
}

import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { VmError } from '@switchyard/core';
import { findPackageSource, linkToClone, type PackageSource } from './package-source.ts';
import { fillTemplate, type ProjectFile } from './template.ts';

/** What to make, and where. */
export interface ProjectOptions {
  /** A folder that is not there, or empty but for a `.git`; from the working directory. */
  readonly folder: string;
  /**
   * Of the contract, its files and the npm package: a lower-case letter, then up to 63 lower-case letters, digits, `-` and `_`. Default: the
   * folder's own name.
   */
  readonly name?: string;
}

/** A new project. */
export interface CreatedProject {
  /** Absolute path. */
  readonly folder: string;
  readonly name: string;
  /** Paths of the files from the folder, with `/`, sorted. */
  readonly files: readonly string[];
  /** The clone of Switchyard whose packages the project uses; null when they come from the registry. */
  readonly clone: string | null;
}

/**
 * Makes a project of one contract in C with its tests, which builds and passes them as it is. Called from a clone of Switchyard, the project
 * uses the packages of that clone. When something cannot be written, nothing is left behind.
 * @throws VmError USAGE_INVALID for the name, FOLDER_NOT_EMPTY, FILE_UNREADABLE.
 * @example
 * createProject({ folder: 'my-counter' });
 */
export function createProject(options: ProjectOptions): CreatedProject {
  return createProjectFrom(findPackageSource(), options);
}

/** As `createProject`, with packages of a given source. */
export function createProjectFrom(
  { version, clone }: PackageSource,
  options: ProjectOptions,
): CreatedProject {
  const folder = resolve(options.folder);
  const name = options.name ?? basename(folder);
  checkName(name, options.name === undefined ? 'the folder' : 'the project');
  checkEmpty(folder);
  const files = fillTemplate(name, version).map((file) =>
    clone !== undefined && file.path === 'package.json'
      ? { ...file, text: linkToClone(file.text, clone) }
      : file,
  );
  writeAll(folder, files);
  return { folder, name, files: files.map(({ path }) => path), clone: clone ?? null };
}

function checkName(name: string, of: string): void {
  if (/^[a-z][a-z0-9_-]{0,63}$/.test(name)) return;
  throw new VmError('USAGE_INVALID', `the name of ${of}, "${name}", cannot be the name of a contract.`, {
    hint: 'Give one with --name: a lower-case letter, then up to 63 lower-case letters, digits, - and _.',
  });
}

function checkEmpty(folder: string): void {
  const [first, ...others] = entriesOf(folder).filter((entry) => entry !== '.git');
  if (first === undefined) return;
  const rest = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new VmError('FOLDER_NOT_EMPTY', `${folder} is not empty: it holds ${first}${rest}.`);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unwritable(folder, cause);
  }
}

/** Writes all files, or none: what was made is removed again when one fails. */
function writeAll(folder: string, files: readonly ProjectFile[]): void {
  const made: string[] = [];
  try {
    for (const { path, text } of files) {
      const file = join(folder, path);
      makeFolders(dirname(file), made);
      // `wx`: what somebody else wrote since the folder was looked at stays.
      writeFileSync(file, text, { flag: 'wx' });
      made.push(file);
    }
  } catch (cause) {
    for (const path of made.reverse()) rmSync(path, { recursive: true, force: true });
    throw unwritable(folder, cause);
  }
}

/** Makes a folder and those above it that are missing. One by one: with `recursive`, Node 20 never returns from a folder below /proc. */
function makeFolders(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
}

function unwritable(folder: string, cause: unknown): VmError {
  const message = `${folder} cannot be written: ${(cause as Error).message}.`;
  return new VmError('FILE_UNREADABLE', message, { cause });
}

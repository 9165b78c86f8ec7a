import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { VmError } from '@switchyard/core';
import { type LinkOptions, link } from '../linker/link.ts';
import type { LinkMap } from '../linker/link-map.ts';
import type { LinkInput } from '../linker/object-file.ts';
import type { Optimisation } from './clang.ts';
import { compile } from './compile.ts';
import { findClang } from './find-clang.ts';
import { clangFolderOf } from './run-clang.ts';

/** What to build, and how. Relative paths are relative to the working directory. */
export interface BuildOptions extends Omit<LinkOptions, 'onWarning' | 'onMap'> {
  /** C sources (compiled), `.o` objects and `.a` archives (taken as they are), in link order. */
  readonly sources: readonly string[];
  /** Where to write the contract; nothing is written without it. */
  readonly output?: string;
  /** Default: '2'. */
  readonly optimisation?: Optimisation;
  /** Folders for `#include`, after the kit's own. */
  readonly includePaths?: readonly string[];
  /** Path or name of clang; default: the CLANG variable, else `clang` on PATH. */
  readonly clangPath?: string;
}

/** A built contract. */
export interface BuildResult {
  /** The loadable TBPF ELF. */
  readonly elf: Uint8Array;
  /** The relocatable objects and archives that it was linked from, in link order. */
  readonly objects: readonly LinkInput[];
  /** clang's warnings and the linker's, as text. */
  readonly warnings: readonly string[];
  /** What is in the contract, and what was left out. */
  readonly map: LinkMap;
}

/**
 * Compiles C sources with clang and links them to a TBPF contract. The same sources, headers and clang give the same bytes,
 * wherever they are.
 * @throws VmError USAGE_INVALID, TOOL_MISSING, COMPILE_FAILED, LINK_FAILED, CODE_TOO_LARGE or FILE_UNREADABLE.
 * @example
 * const { elf } = build({ sources: ['counter.c'], output: 'counter.so' });
 */
export function build(options: BuildOptions): BuildResult {
  if (options.sources.length === 0) throw new VmError('USAGE_INVALID', 'There is no source to build.');
  if (options.output !== undefined) refuseInput(options.output, options.sources);
  const warnings: string[] = [];
  const objects = compileAll(options, warnings);
  let map: LinkMap = { sections: [], removed: [], members: [], builtins: [] };
  const elf = link(objects, {
    ...options,
    onWarning: ({ message }) => warnings.push(message),
    onMap: (created) => {
      map = created;
    },
  });
  if (options.output !== undefined) writeOutput(options.output, elf);
  return { elf, objects, warnings, map };
}

function compileAll(options: BuildOptions, warnings: string[]): LinkInput[] {
  for (const source of options.sources) checkKind(source);
  for (const folder of options.includePaths ?? []) checkFolder(folder);
  const needsClang = options.sources.some((source) => !isLinkable(source));
  const clang = needsClang ? findClang(options.clangPath) : '';
  for (const source of options.sources) readSource(source);
  const debugInfo = options.debugInfo === true;
  const clangFolder = needsClang && debugInfo ? clangFolderOf(clang) : undefined;
  const workFolder = mkdtempSync(join(realpathSync(tmpdir()), 'switchyard-build-'));
  try {
    return options.sources.map((path, index) => {
      const name = nameOf(path, options.sources);
      if (isLinkable(path)) return { name, bytes: readSource(path) };
      const source = resolve(path);
      const object = join(workFolder, `${index}.o`);
      const said = compile({
        clang,
        source,
        object,
        optimisation: options.optimisation ?? '2',
        includePaths: (options.includePaths ?? []).map((folder) => resolve(folder)),
        sourceFolder: dirname(source),
        workFolder,
        debugInfo,
        ...(clangFolder === undefined ? {} : { clangFolder }),
      });
      if (said !== undefined) warnings.push(said);
      return { name: `${name.replace(/\.[^.]*$/, '')}.o`, bytes: readSource(object) };
    });
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

/** What messages call a file: its name, or its path where several have the same name. */
function nameOf(path: string, sources: readonly string[]): string {
  const name = basename(path);
  return sources.filter((other) => basename(other) === name).length > 1 ? path : name;
}

/** Whether a file goes to the linker as it is. */
function isLinkable(path: string): boolean {
  return /\.[oa]$/.test(path);
}

/** Refuses an output that is one of the sources, by whatever path: the source would be gone. */
function refuseInput(output: string, sources: readonly string[]): void {
  if (!existsSync(output)) return;
  const real = realpathSync(output);
  const source = sources.find((path) => existsSync(path) && realpathSync(path) === real);
  if (source === undefined) return;
  throw new VmError('USAGE_INVALID', `the output ${output} is the source ${source}.`, {
    details: { path: output },
    hint: 'Name another file for the contract.',
  });
}

/** Refuses what is neither C, nor an object, nor an archive: clang would hand it to a linker. */
function checkKind(path: string): void {
  if (/\.[coa]$/.test(path)) return;
  throw new VmError('USAGE_INVALID', `${path} is not a source: expected a .c, .o or .a file.`, {
    details: { path },
    hint: path.endsWith('.so')
      ? 'A .so is already built: run or deploy it as it is.'
      : 'Build from C sources (.c), objects (.o) and archives (.a).',
  });
}

/** Refuses an include folder that is not there; clang would pass over it in silence. */
function checkFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new VmError('FILE_UNREADABLE', `The include path ${path} is not a folder.`, { details: { path } });
}

function readSource(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new VmError('FILE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}.`, {
      cause,
      details: { path },
    });
  }
}

function writeOutput(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes);
  } catch (cause) {
    throw new VmError('FILE_UNREADABLE', `${path} cannot be written: ${(cause as Error).message}.`, {
      cause,
      details: { path },
    });
  }
}
